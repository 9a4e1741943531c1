import type { Author } from '@baton/core';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { commit } from '#http/conversations.ts';
import type { HttpDeps } from '#http/deps.ts';
import { actorOf, conversationOf } from '#http/parties.ts';
import type { AgentPrincipal, KeyPrincipal } from '#http/principal.ts';
import { HttpProblem, refused } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { redactMessage, wipeMessage } from '#hub/erasure.ts';
import { presentMessage } from '#present/event.ts';
import { findMessage } from '#store/conversations.ts';
import { filesFolder } from '#store/keep-file.ts';

/** Messages that were said and are changed or removed. */
export function messageRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const erasing = { ...deps, filesFolder: filesFolder(deps.settings.dataDir) };
  const find = async (conversation: `cnv_${string}`, id: string) => {
    const found = await findMessage(deps.pool, conversation, id);
    if (found?.event.type !== 'message') throw new HttpProblem('not_found', `There is no message ${id} in it.`);
    return { seq: found.seq, message: found.event.message };
  };

  mount(app, deps, ops.editMessage, async ({ params, body }, { caller, commandKey }) => {
    const { workspace } = await conversationOf(deps, caller, params.id);
    const { seq, message } = await find(params.id, params.message);
    if (!mayEdit(caller, message.author))
      throw new HttpProblem('not_allowed', 'Nobody changes what others said. It can be removed: DELETE.');
    if (message.redacted) throw removed();
    const parts = [{ type: 'text' as const, text: body.text }, ...message.parts.filter((part) => part.type !== 'text')];
    await commit(deps, params.id, {
      type: 'edit',
      message: params.message,
      parts,
      by: actorOf(caller),
      ...(commandKey === undefined ? {} : { key: commandKey }),
    });
    // Removed in between: no word of it comes back.
    if ((await find(params.id, params.message)).message.redacted) {
      await wipeMessage(erasing, { workspace, conversation: params.id, message: message.id, seq });
      throw removed();
    }
    return answer(200, { seq, message: presentMessage({ ...message, parts, edited: true }) });
  });

  mount(app, deps, ops.redactMessage, async ({ params }, { caller }) => {
    const { workspace } = await conversationOf(deps, caller, params.id);
    const { seq, message } = await find(params.id, params.message);
    const outcome = await redactMessage(
      erasing,
      { workspace, conversation: params.id, message: message.id, seq },
      actorOf(caller),
    );
    if (!outcome.ok) throw refused(outcome.refusal);
    return answer(204, null);
  });
}

function removed(): HttpProblem {
  return new HttpProblem('not_allowed', 'This message was removed.');
}

/** A key stands for the bot, and for the customer of a channel that it serves. */
function mayEdit(caller: AgentPrincipal | KeyPrincipal, author: Author): boolean {
  if (caller.kind === 'agent') return author.role === 'agent' && author.id === caller.agent.id;
  return author.role === 'bot' || author.role === 'customer';
}
