import { transcript } from '@baton/core';
import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '#http/deps.ts';
import { HttpProblem } from '#http/problems.ts';
import { TRANSCRIPT_POLICY, transcriptPage } from '#http/transcript-page.ts';
import { wholeLog, workspaceOf } from '#store/conversations.ts';

/**
 * The whole transcript of a conversation as a page to read and to print, for whoever was given the link: agents of a desk that
 * shows only a part. It shows what holds now: what was redacted is gone here, too.
 */
export function transcriptRoutes(app: FastifyInstance, { pool, links }: Pick<HttpDeps, 'pool' | 'links'>): void {
  app.get('/transcripts/:token', async (request, reply) => {
    const { token } = request.params as { token: string };
    const conversation = links.transcriptOf(token);
    if (!conversation || !(await workspaceOf(pool, conversation)))
      throw new HttpProblem('not_found', 'This link is not one of ours, or its time is over (30 days).');
    const lines = transcript(await wholeLog(pool, conversation));
    return reply
      .headers({
        'content-security-policy': TRANSCRIPT_POLICY,
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'cache-control': 'private, no-store',
      })
      .type('text/html; charset=utf-8')
      .send(transcriptPage(lines));
  });
}
