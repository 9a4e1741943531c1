import type { AgentId } from '@baton/core';
import { expect, test } from 'vitest';
import type { Line } from '#hub/line.ts';
import { AgentSession } from './agent.ts';
import type { Connection } from './connection.ts';
import type { OpenWork, Realtime } from './realtime.ts';
import { Sessions } from './sessions.ts';

test('[ND9] what is missed while it is looked for what was missed before is looked for, too', async () => {
  const listening: ((likely: boolean) => void)[] = [];
  const missed = (likely: boolean) => listening[0]?.(likely);
  const looks: PromiseWithResolvers<Map<AgentId, OpenWork>>[] = [];
  const lists: number[] = [];
  const realtime = {
    nodes: { onTold() {}, onMissed: (listener: (likely: boolean) => void) => listening.push(listener), doubt() {} },
    signals: { on: () => () => undefined },
    world: { now: () => 0 },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    workOfAll() {
      const look = Promise.withResolvers<Map<AgentId, OpenWork>>();
      looks.push(look);
      return look.promise;
    },
    openConversationsOf: async () => [],
    headsSince: async () => {
      lists.push(looks.length);
      return [];
    },
  } as unknown as Realtime;
  const sessions = new Sessions();
  sessions.listen(realtime, { onMoved: () => () => undefined } as unknown as Line);
  const agent = { id: 'agt_dana', name: 'Dana' } as const;
  const connection: Connection = { send() {}, buffered: () => 0, close() {} };
  sessions.add(new AgentSession(realtime, connection, { kind: 'agent', workspace: 'wsp_1', agent, role: 'agent' }));

  missed(false);
  missed(true);
  expect(looks).toHaveLength(1);
  looks[0]?.resolve(new Map());
  await expect.poll(() => looks.length).toBe(2);
  looks[1]?.resolve(new Map());
  await expect.poll(() => lists).toEqual([2]);
});
