import type { IntegrationId, WorkspaceId } from '@baton/core';
import type { Trouble } from '@baton/protocol';
import { ops } from '@baton/protocol/schemas';
import type { FastifyInstance } from 'fastify';
import { decodeCursor, encodeCursor } from '#http/cursor.ts';
import type { HttpDeps } from '#http/deps.ts';
import { conversationOf } from '#http/parties.ts';
import { HttpProblem } from '#http/problems.ts';
import { answer, mount } from '#http/route.ts';
import { presentTime } from '#present/event.ts';
import { askAgain, type TroubleRow, troublesOf } from '#store/desk-deliveries.ts';
import { findIntegration } from '#store/integrations.ts';

/** What did not reach outside desks, and sending it once more. */
export function deliveryRoutes(app: FastifyInstance, deps: HttpDeps): void {
  const { pool } = deps;

  mount(app, deps, ops.replayDelivery, async ({ params, body: { side, seq } }, { caller }) => {
    const { id: conversation } = await conversationOf(deps, caller, params.id);
    const desk = /^desk:(int_\w+)$/.exec(side)?.[1] as IntegrationId | undefined;
    const replayed = desk === undefined ? 0 : await askAgain(pool, desk, { conversation, seq });
    if (replayed > 0) return answer(200, { replayed });
    throw new HttpProblem(
      'not_replayable',
      `Nothing of seq ${seq} failed at ${side}, or it is being tried already. GET /v1/conversations/${conversation}/deliveries says how it stands.`,
    );
  });

  mount(app, deps, ops.listTroubles, async ({ params, query: { state, limit, after } }, { caller }) => {
    const desk = await deskOf(deps, caller.workspace, params.id);
    const rows = await troublesOf(pool, desk, { state, limit: limit + 1, after: markOf(after) });
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    const next = rows.length > limit && last ? encodeCursor([last.exactAt, last.conversation, String(last.seq)]) : null;
    return answer(200, { items: items.map(presentTrouble), next });
  });

  mount(app, deps, ops.replayTroubles, async ({ params }, { caller }) => {
    const desk = await deskOf(deps, caller.workspace, params.id);
    return answer(200, { replayed: await askAgain(pool, desk, null) });
  });
}

async function deskOf(deps: HttpDeps, workspace: WorkspaceId, id: string): Promise<IntegrationId> {
  const found = await findIntegration(deps.pool, workspace, id);
  if (!found) throw new HttpProblem('not_found', `There is no integration ${id}.`);
  return found.id;
}

function presentTrouble({ type, customerName, excerpt, exactAt: _, at, ...row }: TroubleRow): Trouble {
  const what = type === 'message' ? 'message' : 'handoff';
  return {
    ...row,
    what,
    replayable: what === 'message',
    customer: { name: customerName },
    excerpt: excerpt === '' ? null : excerpt,
    at: presentTime(at),
  };
}

/** Where the page before ended. A cursor that somebody has made up begins at the end of time or of the list, and breaks nothing. */
function markOf(after: string | undefined): [at: string, conversation: string, seq: number] | null {
  const values = decodeCursor(after, 3);
  if (!values) return null;
  const [at = '', conversation = '', seq = ''] = values;
  const isMoment = /^\d{4}-\d\d-\d\dT[\d:.]{15}Z$/.test(at) && !Number.isNaN(Date.parse(at));
  return [isMoment ? at : presentTime(0), conversation, /^\d{1,9}$/.test(seq) ? Number(seq) : 0];
}
