import { DEFAULT_ROUTING } from '@baton/core';
import { describe, expect, it } from 'vitest';
import type { TeamRow, WaitingRow } from '#store/line.ts';
import type { OutcomeRow } from '#store/outcomes.ts';
import { moved, teamChanges } from './line-changes.ts';
import { LineView } from './line-view.ts';
import { Waits } from './waits.ts';

const NOW = 10_000_000;

/** Conversations of ten minutes were measured, and answers of ten seconds. */
function measuredWaits(): Waits {
  const waits = new Waits();
  waits.take(
    Array.from({ length: 100 }, (_, index): OutcomeRow => {
      const acceptedAt = index * 20_000;
      const endedAt = acceptedAt + 590_000 + 200 * index;
      const offeredAt = acceptedAt - 10_000;
      const ids = { handoff: `hnd_past_${index}` as const, queue: 'que_a' as const, skills: [], agent: 'agt_x' };
      return { ...ids, waitingSince: offeredAt, offeredAt, acceptedAt, endedAt, outcome: 'resolved' };
    }),
    [],
  );
  return waits;
}

function row(id: string, more: Partial<WaitingRow> = {}): WaitingRow {
  return {
    handoff: `hnd_${id}`,
    conversation: `cnv_${id}`,
    phase: 'queued',
    queue: 'que_a',
    priority: 0,
    front: false,
    waitingSince: 0,
    requestedAt: 0,
    queuedAt: null,
    skills: [],
    preferredSkills: [],
    language: null,
    lastAgent: null,
    channel: 'widget',
    passedOver: [],
    offeredTo: null,
    offeredAt: null,
    told: null,
    ...more,
  };
}

function agent(id: string, more: Partial<TeamRow> = {}): TeamRow {
  return {
    agent: { id: `agt_${id}`, name: id },
    presence: 'online',
    queues: null,
    skills: null,
    capacity: 1,
    load: 0,
    running: [],
    active: 0,
    wrapping: 0,
    ringing: false,
    idleSince: 0,
    ...more,
  };
}

function view(waiting: WaitingRow[], team: TeamRow[]): LineView {
  return new LineView({
    workspace: 'wsp_1',
    waiting,
    team,
    waits: measuredWaits(),
    passOverSeconds: () => 60,
    asOf: NOW,
  });
}

describe('line view', () => {
  it('[QU7] tells each his place in his queue, the offered ones included', () => {
    const line = view(
      [
        row('3', { waitingSince: 3 }),
        row('1', { waitingSince: 1, phase: 'offered' }),
        row('2', { waitingSince: 2 }),
        row('b', { queue: 'que_b', waitingSince: 9 }),
      ],
      [agent('x', { load: 1, ringing: true })],
    );
    expect(['1', '2', '3', 'b'].map((id) => line.position(`hnd_${id}`)?.position)).toEqual([1, 2, 3, 1]);
    expect(line.position('hnd_gone')).toBeNull();
    expect(line.outlook('que_a', 'hnd_gone')).toMatchObject({ position: null, ahead: null });
  });

  it('[ET6] counts who competes for the same agents, in whichever queue', () => {
    const waiting = [row('a', { waitingSince: 1 }), row('b', { queue: 'que_b', waitingSince: 2 })];
    const running = [{ queue: 'que_a' as const, skills: [], since: NOW }];
    const shared = view(waiting, [agent('x', { load: 1, running })]);
    const apart = view(waiting, [
      agent('x', { load: 1, running, queues: ['que_a'] }),
      agent('y', { load: 1, running, queues: ['que_b'] }),
    ]);
    const middle = (line: LineView) => line.outlook('que_b', 'hnd_b').estimate?.p50Seconds ?? Number.NaN;
    expect(shared.outlook('que_b', 'hnd_b')).toMatchObject({ position: 1, ahead: 0 });
    expect(middle(shared)).toBeGreaterThan(middle(apart));
  });

  it('[ET7] gives who is being offered the answer time alone: the slot is his', () => {
    const line = view(
      [row('1', { phase: 'offered', offeredTo: 'agt_x', offeredAt: NOW }), row('2', { waitingSince: 1 })],
      [agent('x', { load: 1, ringing: true })],
    );
    expect(line.outlook('que_a', 'hnd_1').estimate?.p50Seconds).toBeLessThan(30);
    expect(line.outlook('que_a', 'hnd_2').estimate?.p50Seconds).toBeGreaterThan(300);
  });

  it('[QU11] tells a newcomer what the queue can do, without those below the usual priority', () => {
    expect(view([], [agent('x', { capacity: 2, load: 1 })]).availability('que_a')).toMatchObject({
      state: 'available',
      agentsOnline: 1,
      freeCapacity: 1,
      waiting: 0,
    });
    expect(view([row('1')], [agent('x')]).availability('que_a')).toMatchObject({ state: 'busy', waiting: 1 });
    expect(view([row('1', { priority: -1 })], [agent('x')]).availability('que_a').state).toBe('available');
    expect(view([], [agent('x', { presence: 'away' })]).availability('que_a')).toMatchObject({
      state: 'closed',
      estimate: null,
    });
    expect(view([], [agent('x', { queues: ['que_b'] })]).availability('que_a').state).toBe('closed');
  });

  it('[QU53] counts who has the skills that are asked for, and the language where it is required', () => {
    const team = [
      agent('plain', { skills: [], languages: ['en'], capacity: 5 }),
      agent('skilled', { skills: ['billing'], languages: ['de'], load: 1 }),
      agent('back', { skills: ['tyres'], presence: 'break', backAt: NOW + 60_000 }),
    ];
    const line = (more: Partial<WaitingRow> = {}) => view(more.skills ? [row('1', more)] : [], team);
    const state = (...skills: string[]) => line().availability('que_a', { skills, language: null });
    expect(state()).toMatchObject({ state: 'available', agentsOnline: 2, freeCapacity: 5 });
    expect(state('billing')).toMatchObject({ state: 'busy', agentsOnline: 1, freeCapacity: 0, estimate: null });
    expect(state('tyres')).toMatchObject({ state: 'closed', agentsOnline: 0, opensAt: NOW + 60_000 });
    expect(state('law')).toMatchObject({ state: 'closed', opensAt: null });
    expect(line({ skills: ['law'] }).outlook('que_a', 'hnd_1').availability).toBe('closed');
    expect(line({ skills: ['billing'] }).outlook('que_a', 'hnd_1').availability).toBe('busy');
    const french = { skills: [], language: 'fr' };
    expect(line().availability('que_a', french).state).toBe('available');
    const strict = new LineView({
      workspace: 'wsp_1',
      waiting: [],
      team,
      passOverSeconds: () => 60,
      routing: () => ({ ...DEFAULT_ROUTING, language: 'required' }),
      asOf: NOW,
    });
    // Whose languages nobody wrote down speaks all of them; he is in a break.
    expect(strict.availability('que_a', french).state).toBe('closed');
    expect(strict.availability('que_a', { skills: [], language: 'en' })).toMatchObject({
      state: 'available',
      agentsOnline: 1,
    });
  });

  it('[QU12] names those whose place, availability or wait in minutes changed, and nobody else', () => {
    const one = row('1', { waitingSince: 1 });
    const two = row('2', { waitingSince: 2 });
    const busy = [agent('x', { load: 1, running: [{ queue: 'que_a', skills: [], since: NOW }] })];
    const ids = (before: LineView | null, after: LineView) => moved(before, after).map(({ handoff }) => handoff);
    expect(ids(null, view([one, two], busy))).toEqual(['hnd_1', 'hnd_2']);
    expect(ids(view([one, two], busy), view([one, two], busy))).toEqual([]);
    expect(ids(view([one, two], busy), view([two], busy))).toEqual(['hnd_2']);
    expect(ids(view([one], busy), view([one, two], busy))).toEqual(['hnd_2']);
    expect(ids(view([one], busy), view([one], []))).toEqual(['hnd_1']);
    const requested = view([row('3', { phase: 'requested' })], busy);
    expect(ids(null, requested)).toEqual([]);
    expect(ids(requested, view([row('3')], busy))).toEqual(['hnd_3']);
  });

  it('[QU12] names agents who came, left, or have more or less to do', () => {
    const names = (before: LineView | null, after: LineView) =>
      teamChanges(before, after).map(({ agent: { id }, presence, active }) => [id, presence, active]);
    const then = view([], [agent('x'), agent('y'), agent('z')]);
    const now = view([], [agent('x'), agent('y', { active: 1 }), agent('w', { presence: 'away' })]);
    expect(names(null, then)).toEqual([]);
    expect(names(then, then)).toEqual([]);
    expect(names(then, now)).toEqual([
      ['agt_y', 'online', 1],
      ['agt_w', 'away', 0],
      ['agt_z', 'offline', 0],
    ]);
  });
});
