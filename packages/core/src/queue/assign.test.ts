import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentId, HandoffId, QueueId } from '#ids.ts';
import { type AgentSlots, assign, isCompatible, isFree } from './assign.ts';
import { routingOrder, type Waiting } from './order.ts';

const NOW = 1_000_000;

function waiting(id: string, more: Partial<Waiting> = {}): Waiting {
  return {
    handoff: `hnd_${id}`,
    queue: 'que_a',
    priority: 0,
    front: false,
    waitingSince: 0,
    skills: [],
    passedOver: [],
    passOverSeconds: 60,
    ...more,
  };
}

function agent(id: string, more: Partial<AgentSlots> = {}): AgentSlots {
  return {
    agent: { id: `agt_${id}`, name: id },
    presence: 'online',
    queues: null,
    skills: null,
    capacity: 3,
    load: 0,
    ringing: false,
    idleSince: 0,
    ...more,
  };
}

const pairs = (offers: ReturnType<typeof assign>) =>
  offers.map((offer) => `${offer.handoff.slice(4)}>${offer.agent.id.slice(4)}`);

const queueId = fc.constantFrom<QueueId>('que_a', 'que_b', 'que_c');
const skills = fc.uniqueArray(fc.constantFrom('es', 'vip', 'billing'), { maxLength: 2 });
const agentId = fc.constantFrom<AgentId>('agt_0', 'agt_1', 'agt_2', 'agt_3', 'agt_4');
const lines = fc
  .array(
    fc.record({
      queue: queueId,
      priority: fc.integer({ min: 0, max: 2 }),
      front: fc.boolean(),
      waitingSince: fc.integer({ min: 0, max: 5 }),
      skills,
      passedOver: fc.array(fc.record({ agent: agentId, at: fc.integer({ min: NOW - 120_000, max: NOW }) }), {
        maxLength: 3,
      }),
      passOverSeconds: fc.constant(60),
      exclude: fc.uniqueArray(agentId, { maxLength: 1 }),
    }),
    { maxLength: 8 },
  )
  .map((line) => line.map((one, index): Waiting => ({ ...one, handoff: `hnd_${index}` })));
const teams = fc
  .array(
    fc.record({
      presence: fc.constantFrom<AgentSlots['presence']>('online', 'online', 'away', 'offline'),
      queues: fc.option(fc.uniqueArray(queueId, { maxLength: 2 })),
      skills: fc.option(skills),
      capacity: fc.integer({ min: 0, max: 3 }),
      load: fc.integer({ min: 0, max: 3 }),
      ringing: fc.boolean(),
      idleSince: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 5 },
  )
  .map((team) =>
    team.map((one, index): AgentSlots => ({ ...one, agent: { id: `agt_${index}`, name: String(index) } })),
  );

/** May this agent be asked for this handoff now, whatever else is going on? */
function mayBeAsked(one: Waiting, slots: AgentSlots): boolean {
  return (
    isFree(slots) &&
    isCompatible(one, slots) &&
    !one.passedOver.some((pass) => pass.agent === slots.agent.id && NOW < pass.at + 60_000)
  );
}

describe('assign', () => {
  it('[QU1] serves the front first, then priority, then who waits longest, then the id', () => {
    const line = [
      waiting('d', { waitingSince: 9 }),
      waiting('c', { waitingSince: 5 }),
      waiting('b', { waitingSince: 5 }),
      waiting('vip', { priority: 1, waitingSince: 9 }),
      waiting('lost', { front: true, waitingSince: 9 }),
    ];
    expect(line.toSorted(routingOrder).map(({ handoff }) => handoff)).toEqual([
      'hnd_lost',
      'hnd_vip',
      'hnd_b',
      'hnd_c',
      'hnd_d',
    ]);
    expect(pairs(assign(line, [agent('x'), agent('y', { idleSince: 1 })], NOW))).toEqual(['lost>x', 'vip>y']);
  });

  it('[QU2] lets nobody wait while a free agent could serve him', () => {
    fc.assert(
      fc.property(lines, teams, (line, team) => {
        const offers = assign(line, team, NOW);
        const asked = new Set(offers.map((offer) => offer.agent.id));
        const served = new Set(offers.map((offer) => offer.handoff));
        for (const one of line) {
          if (served.has(one.handoff)) continue;
          expect(team.filter((slots) => mayBeAsked(one, slots) && !asked.has(slots.agent.id))).toEqual([]);
        }
      }),
    );
  });

  it('[QU2] is not blocked by somebody at the head whom nobody can serve', () => {
    expect(
      pairs(
        assign(
          [waiting('first', { queue: 'que_b', waitingSince: 0 }), waiting('second', { waitingSince: 1 })],
          [agent('x', { queues: ['que_a'] })],
          NOW,
        ),
      ),
    ).toEqual(['second>x']);
  });

  it('[QU1] lets nobody be overtaken at an agent who could serve him', () => {
    fc.assert(
      fc.property(lines, teams, (line, team) => {
        const offers = new Map(assign(line, team, NOW).map((offer) => [offer.handoff, offer.agent.id]));
        const order = line.toSorted(routingOrder);
        for (const [place, one] of order.entries()) {
          if (offers.has(one.handoff)) continue;
          for (const behind of order.slice(place + 1)) {
            const taken = team.find((slots) => slots.agent.id === offers.get(behind.handoff));
            if (taken) expect(mayBeAsked(one, taken)).toBe(false);
          }
        }
      }),
    );
  });

  it('[QU1] serves everybody in the end: whoever stays is at the head one day', () => {
    fc.assert(
      fc.property(lines, (line) => {
        let left = line.map((one) => ({ ...one, skills: [], passedOver: [], exclude: [] }));
        const served: HandoffId[] = [];
        for (let round = 0; round < line.length; round++) {
          const offers = assign(left, [agent('only', { capacity: 1 })], NOW);
          served.push(...offers.map((offer) => offer.handoff));
          left = left.filter((one) => !served.includes(one.handoff));
        }
        expect(served).toEqual(line.toSorted(routingOrder).map(({ handoff }) => handoff));
      }),
    );
  });

  it('[QU3] asks the agent with the largest free share, then the one idle longest, then by id', () => {
    const team = [
      agent('half', { capacity: 2, load: 1 }),
      agent('third', { capacity: 3, load: 1, idleSince: 5 }),
      agent('older', { capacity: 6, load: 2, idleSince: 4 }),
    ];
    expect(pairs(assign([waiting('1')], team, NOW))).toEqual(['1>older']);
    expect(pairs(assign([waiting('1')], [agent('b'), agent('a')], NOW))).toEqual(['1>a']);
  });

  it('[QU4] asks only online agents with room, each for one conversation at a time', () => {
    fc.assert(
      fc.property(lines, teams, (line, team) => {
        const offers = assign(line, team, NOW);
        expect(new Set(offers.map((offer) => offer.agent.id)).size).toBe(offers.length);
        expect(new Set(offers.map((offer) => offer.handoff)).size).toBe(offers.length);
        for (const { agent: asked } of offers) {
          const slots = team.find((one) => one.agent.id === asked.id);
          expect(slots).toMatchObject({ presence: 'online', ringing: false });
          expect((slots?.load ?? 0) + 1).toBeLessThanOrEqual(slots?.capacity ?? 0);
        }
      }),
    );
    expect(pairs(assign([waiting('1'), waiting('2')], [agent('x')], NOW))).toEqual(['1>x']);
  });

  it('[QU5] does not ask who passed it over until the time is up, and then only for want of another', () => {
    const declined = waiting('1', { passedOver: [{ agent: 'agt_x', at: NOW - 10_000 }] });
    expect(assign([declined], [agent('x')], NOW)).toEqual([]);
    expect(pairs(assign([declined, waiting('2', { waitingSince: 1 })], [agent('x')], NOW))).toEqual(['2>x']);
    expect(pairs(assign([declined], [agent('x')], NOW + 50_000))).toEqual(['1>x']);
    expect(pairs(assign([declined], [agent('x'), agent('y', { load: 2 })], NOW + 50_000))).toEqual(['1>y']);
  });

  it('[QU4] never asks who is excluded, serves another queue or lacks a skill', () => {
    const line = [waiting('1', { exclude: ['agt_x'], skills: ['es'] })];
    expect(assign(line, [agent('x'), agent('y', { queues: ['que_b'] }), agent('z', { skills: ['de'] })], NOW)).toEqual(
      [],
    );
    expect(pairs(assign(line, [agent('w', { skills: ['es', 'de'], queues: ['que_b', 'que_a'] })], NOW))).toEqual([
      '1>w',
    ]);
  });

  it('[QU6] gives the same offers whatever the order of its input', () => {
    fc.assert(
      fc.property(lines, teams, (line, team) => {
        const offers = assign(line, team, NOW);
        expect(assign(line.toReversed(), team.toReversed(), NOW)).toEqual(offers);
        expect(assign(structuredClone(line), structuredClone(team), NOW)).toEqual(offers);
      }),
    );
  });
});
