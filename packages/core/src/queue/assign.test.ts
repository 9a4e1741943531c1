import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentId, HandoffId, QueueId } from '#ids.ts';
import { type AgentSlots, assign, isCompatible, isFree, weightOf } from './assign.ts';
import { routingOrder, type Waiting } from './order.ts';
import { DEFAULT_ROUTING, MOST_CREDIT_SECONDS, type Routing, type Strategy } from './routing.ts';

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
      priority: fc.integer({ min: -2, max: 20 }),
      front: fc.boolean(),
      waitingSince: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -9_000_000, max: NOW })),
      skills,
      preferredSkills: skills,
      language: fc.constantFrom(null, 'en', 'de'),
      lastAgent: fc.option(agentId),
      channel: fc.constantFrom('widget', 'email'),
      routing: fc.record<Routing>({
        strategy: fc.constantFrom<Strategy>('least_busy', 'least_busy', 'longest_idle', 'round_robin', 'manual'),
        prioritySeconds: fc.constantFrom(0, 300),
        preferSeconds: fc.constantFrom(0, 60, 1_000_000),
        language: fc.constantFrom<Routing['language']>('required', 'preferred', 'ignored'),
        stickySeconds: fc.constantFrom(null, 0, 60, 1_000_000),
        wrapUpSeconds: fc.constant(0),
        overflow: fc.constant(null),
        hook: fc.constant(null),
      }),
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
      presence: fc.constantFrom<AgentSlots['presence']>('online', 'online', 'online', 'away', 'break', 'offline'),
      queues: fc.option(fc.uniqueArray(queueId, { maxLength: 2 })),
      skills: fc.option(skills),
      languages: fc.option(fc.uniqueArray(fc.constantFrom('en', 'de'), { maxLength: 2 })),
      weights: fc.constantFrom({}, { email: 0.5 }, { email: 0.1, widget: 2 }),
      capacity: fc.integer({ min: 0, max: 3 }),
      load: fc.constantFrom(0, 0.5, 1, 2, 3),
      ringing: fc.boolean(),
      idleSince: fc.integer({ min: 0, max: 3 }),
      givenAt: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 5 },
  )
  .map((team) =>
    team.map((one, index): AgentSlots => ({ ...one, agent: { id: `agt_${index}`, name: String(index) } })),
  );

/** May this agent be asked for this handoff now, whatever else is going on? Said again in other words than the code's. */
function mayBeAsked(one: Waiting, slots: AgentSlots, team: readonly AgentSlots[]): boolean {
  const { stickySeconds, preferSeconds, language, strategy } = one.routing ?? DEFAULT_ROUTING;
  const isAble = (agent: AgentSlots) =>
    isCompatible(one, agent) && !one.passedOver.some((pass) => pass.agent === agent.agent.id && NOW < pass.at + 60_000);
  if (strategy === 'manual' || !isFree(slots, one) || !isAble(slots)) return false;
  let there = team.filter((agent) => agent.presence === 'online' && agent.capacity > 0 && isAble(agent));
  for (const [seconds, fits] of [
    [stickySeconds ?? 0, (agent: AgentSlots) => agent.agent.id === one.lastAgent],
    [
      preferSeconds,
      (agent: AgentSlots) => (one.preferredSkills ?? []).every((skill) => agent.skills?.includes(skill) ?? true),
    ],
    [
      language === 'preferred' && one.language ? preferSeconds : 0,
      (agent: AgentSlots) => agent.languages?.includes(one.language ?? '') ?? true,
    ],
  ] as const) {
    if (NOW >= one.waitingSince + seconds * 1_000 || !there.some(fits)) continue;
    if (!fits(slots)) return false;
    there = there.filter(fits);
  }
  return true;
}

describe('assign', () => {
  it('[QU1] serves the front first, then who waits longest with what priority is worth, then the id', () => {
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
          expect(team.filter((slots) => mayBeAsked(one, slots, team) && !asked.has(slots.agent.id))).toEqual([]);
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
            if (taken) expect(mayBeAsked(one, taken, team)).toBe(false);
          }
        }
      }),
    );
  });

  it('[QU1] serves everybody in the end: whoever stays is at the head one day', () => {
    fc.assert(
      fc.property(lines, (line) => {
        let left = line.map((one) => ({ ...one, skills: [], passedOver: [], exclude: [], routing: DEFAULT_ROUTING }));
        const order = left.toSorted(routingOrder).map(({ handoff }) => handoff);
        const served: HandoffId[] = [];
        for (let round = 0; round < line.length; round++) {
          const offers = assign(left, [agent('only', { capacity: 1 })], NOW);
          served.push(...offers.map((offer) => offer.handoff));
          left = left.filter((one) => !served.includes(one.handoff));
        }
        expect(served).toEqual(order);
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

  it('[QU3] asks by the strategy of the queue', () => {
    const team = [
      agent('busy', { capacity: 4, load: 3, idleSince: 1, givenAt: 9 }),
      agent('free', { idleSince: 8, givenAt: 7 }),
      agent('turn', { load: 2, idleSince: 9, givenAt: 1 }),
    ];
    const by = (strategy: Strategy) =>
      pairs(assign([waiting('1', { routing: { ...DEFAULT_ROUTING, strategy } })], team, NOW));
    expect(by('least_busy')).toEqual(['1>free']);
    expect(by('longest_idle')).toEqual(['1>busy']);
    expect(by('round_robin')).toEqual(['1>turn']);
  });

  it('[QU40] priority overtakes within its bound and no farther: nobody starves', () => {
    fc.assert(
      fc.property(lines, (line) => {
        const order = line.toSorted(routingOrder);
        for (const [place, one] of order.entries())
          for (const before of order.slice(0, place)) {
            if (before.front) continue;
            expect(before.waitingSince - one.waitingSince).toBeLessThanOrEqual(2 * MOST_CREDIT_SECONDS * 1_000);
            if (before.priority <= one.priority && before.routing?.prioritySeconds === one.routing?.prioritySeconds)
              expect(before.waitingSince).toBeLessThanOrEqual(one.waitingSince);
          }
      }),
    );
    const vip = waiting('vip', { priority: 1, waitingSince: 299_000 });
    expect([waiting('old'), vip].toSorted(routingOrder)[0]).toBe(vip);
    expect([waiting('old'), { ...vip, waitingSince: 301_000 }].toSorted(routingOrder)[0]?.handoff).toBe('hnd_old');
    expect(
      [waiting('old'), { ...vip, priority: 100, waitingSince: 3_601_000 }].toSorted(routingOrder)[0]?.handoff,
    ).toBe('hnd_old');
  });

  it('[QU41] waits for the agent who had him last while he is online, and no longer than said', () => {
    const routing = { ...DEFAULT_ROUTING, stickySeconds: 60 };
    const one = waiting('1', { routing, lastAgent: 'agt_last', waitingSince: NOW - 59_999 });
    const full = agent('last', { load: 3 });
    expect(assign([one], [agent('x'), full], NOW)).toEqual([]);
    expect(pairs(assign([one], [agent('x'), full], NOW + 1))).toEqual(['1>x']);
    for (const presence of ['away', 'break', 'offline'] as const)
      expect(pairs(assign([one], [agent('x'), { ...full, presence }], NOW))).toEqual(['1>x']);
    expect(pairs(assign([{ ...one, passedOver: [{ agent: 'agt_last', at: NOW }] }], [agent('x'), full], NOW))).toEqual([
      '1>x',
    ]);
    // Later he is still the one to ask first, where he is free.
    const late = { ...one, waitingSince: 0 };
    expect(pairs(assign([late], [agent('x'), agent('last', { load: 2 })], NOW))).toEqual(['1>last']);
  });

  it('[QU41] waits for preferred skills and the language, then takes who has the most of them', () => {
    const one = waiting('1', { preferredSkills: ['billing'], language: 'de', waitingSince: NOW - 59_999 });
    const both = agent('both', { skills: ['billing'], languages: ['de'], load: 3 });
    const skill = agent('skill', { skills: ['billing'], languages: ['en'], load: 2 });
    const none = agent('none', { skills: [], languages: ['en'] });
    expect(assign([one], [none, skill, both], NOW)).toEqual([]);
    expect(pairs(assign([one], [none, skill], NOW))).toEqual(['1>skill']);
    expect(pairs(assign([one], [none], NOW))).toEqual(['1>none']);
    expect(pairs(assign([one], [none, skill, both], NOW + 1))).toEqual(['1>skill']);
    // What he prefers is waited for in each line anew.
    expect(assign([{ ...one, queuedAt: NOW }], [none, skill, both], NOW + 1)).toEqual([]);
  });

  it('[QU42] a required language is needed; who has none written down speaks all', () => {
    const one = waiting('1', { language: 'de', routing: { ...DEFAULT_ROUTING, language: 'required' } });
    expect(assign([one], [agent('x', { languages: ['en'] })], NOW)).toEqual([]);
    expect(pairs(assign([one], [agent('x', { languages: null })], NOW))).toEqual(['1>x']);
    expect(pairs(assign([{ ...one, language: null }], [agent('x', { languages: ['en'] })], NOW))).toEqual(['1>x']);
    const ignored = { ...one, routing: { ...DEFAULT_ROUTING, language: 'ignored' as const } };
    expect(pairs(assign([ignored], [agent('x', { languages: ['en'] })], NOW))).toEqual(['1>x']);
  });

  it('[QU43] counts what a kind of channel weighs', () => {
    const half = agent('x', { capacity: 2, load: 1.5, weights: { email: 0.5 } });
    expect(assign([waiting('1', { channel: 'widget' })], [half], NOW)).toEqual([]);
    expect(pairs(assign([waiting('1', { channel: 'email' })], [half], NOW))).toEqual(['1>x']);
    const tenths = agent('x', { capacity: 1, load: 0.1 + 0.2 + 0.6, weights: { email: 0.1 } });
    expect(pairs(assign([waiting('1', { channel: 'email' })], [tenths], NOW))).toEqual(['1>x']);
    expect(
      assign([waiting('1', { channel: 'email' })], [agent('x', { capacity: 0, weights: { email: 0.1 } })], NOW),
    ).toEqual([]);
  });

  it('[QU44] asks nobody where agents pick, and nobody before the opening for a message', () => {
    const manual = waiting('1', { routing: { ...DEFAULT_ROUTING, strategy: 'manual' } });
    expect(pairs(assign([manual, waiting('2', { waitingSince: 1 })], [agent('x')], NOW))).toEqual(['2>x']);
    const message = waiting('1', { notBefore: NOW + 1 });
    expect(assign([message], [agent('x')], NOW)).toEqual([]);
    expect(pairs(assign([message], [agent('x')], NOW + 1))).toEqual(['1>x']);
  });

  it('[QU45] a clock that is set back passes nobody over for longer', () => {
    const declined = waiting('1', {
      passedOver: [{ agent: 'agt_x', at: NOW + 3_600_000 }],
      waitingSince: NOW + 3_600_000,
    });
    expect(pairs(assign([declined], [agent('x', { idleSince: NOW + 3_600_000 })], NOW))).toEqual(['1>x']);
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
        }
        for (const { handoff, agent: asked } of offers) {
          const slots = team.find((one) => one.agent.id === asked.id);
          const one = line.find((other) => other.handoff === handoff);
          if (!slots || !one) throw new Error('asked for nothing, or nobody');
          const carried = slots.load + weightOf(slots, one);
          expect(carried).toBeLessThanOrEqual(slots.capacity + 1e-6);
          expect(slots.capacity).toBeGreaterThan(0);
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
