import { Estimator, type Expected, type Server, type Waiter } from '@baton/core';
import type { Call } from './bank-log.ts';
import { RIVALS, type RivalName, type View } from './rivals.ts';
import type { Judged } from './score.ts';

/** An agent who was not seen for so long is off duty: the log has no roster. */
const SEEN_SECONDS = 600;
/** Somebody serves a type when this share of his calls was of it, or while he is too new to say. */
const SERVES_SHARE = 0.005;
const NEW_AGENT_CALLS = 10;
/** What a call of high priority is ahead by. */
const CREDIT_SECONDS = 90;
const HIGH = 2;
/** Shorter service is a lost line, not a handle time. */
const SHORTEST_SERVICE = 5;
/** Old calls count less for what an agent serves: by half after some 350. */
const FADE = 0.998;

export interface Replayed {
  ours: Judged[];
  rivals: Record<RivalName, Judged[]>;
}

interface Agent {
  call: Call | null;
  lastEnd: number;
  calls: number;
  byKind: number[];
}

type Step = 'end' | 'go through' | 'leave' | 'join';
const ORDER: Step[] = ['end', 'leave', 'go through', 'join'];

/**
 * Plays a log as it happened: at each moment the estimator and the rivals know what was known then.
 * @param learn calls before; learned from and not scored
 */
export function replay(calls: readonly Call[], learn: readonly Call[]): Replayed {
  const scored = new Set(calls);
  const play = new Replay(scored);
  const steps = [...learn, ...calls].flatMap(stepsOf);
  steps.sort((a, b) => a.at - b.at || ORDER.indexOf(a.step) - ORDER.indexOf(b.step) || a.index - b.index);
  for (const { at, step, call } of steps) play.play(at, step, call);
  return play.replayed;
}

function stepsOf(call: Call, index: number): { at: number; step: Step; call: Call; index: number }[] {
  const { queued, service } = call;
  const steps: { at: number; step: Step; call: Call; index: number }[] = [];
  if (queued) steps.push({ at: queued.from, step: 'join', call, index }, { at: queued.to, step: 'leave', call, index });
  else if (service) steps.push({ at: service.from, step: 'go through', call, index });
  if (service) steps.push({ at: service.to, step: 'end', call, index });
  return steps;
}

class Replay {
  readonly replayed: Replayed = {
    ours: [],
    rivals: Object.fromEntries(Object.keys(RIVALS).map((name) => [name, []])) as unknown as Record<RivalName, Judged[]>,
  };
  readonly #estimator = new Estimator({ rings: false });
  readonly #scored: ReadonlySet<Call>;
  readonly #kinds = new Map<string, number>();
  readonly #agents = new Map<string, Agent>();
  readonly #line = new Set<Call>();
  readonly #expected = new Map<Call, { ours: Expected; rivals: Record<RivalName, number> }>();
  readonly #lately = new Lately();

  constructor(scored: ReadonlySet<Call>) {
    this.#scored = scored;
  }

  play(at: number, step: Step, call: Call): void {
    switch (step) {
      case 'join':
        this.#join(at, call);
        break;
      case 'leave':
        this.#leave(at, call);
        break;
      case 'go through':
        this.#estimator.arrived(at);
        this.#estimator.served(call.id, at, this.#kind(call), null);
        this.#begin(at, call);
        break;
      case 'end':
        this.#end(at, call);
    }
  }

  #join(at: number, call: Call): void {
    this.#estimator.arrived(at);
    this.#line.add(call);
    this.#lately.joined(at, call.priority === HIGH);
    const waiting = [...this.#line].map((one) => ({ call: one, waiter: this.#waiterOf(one, at) }));
    waiting.sort((a, b) => b.waiter.rank - a.waiter.rank);
    const place = waiting.findIndex((one) => one.call === call);
    const kind = this.#kind(call);
    const servers = this.#onDuty(at, kind);
    const overtaking = [{ kind: 0, perSecond: this.#lately.highPerSecond(at), credit: CREDIT_SECONDS }];
    const look = { now: at, servers, waiting: waiting.map(({ waiter }) => waiter), overtaking };
    const ours = this.#estimator.look(look, this.#kinds.size).waiting[place];
    if (!ours) throw new Error(`call ${call.id}: nobody is known who could serve it.`);
    this.#estimator.expect(call.id, at, kind, ours);
    if (!this.#scored.has(call)) return;
    const view = this.#view(at, place, servers);
    const rivals = Object.fromEntries(Object.entries(RIVALS).map(([name, rule]) => [name, rule(view)]));
    this.#expected.set(call, { ours, rivals: rivals as Record<RivalName, number> });
  }

  #leave(at: number, call: Call): void {
    const { queued, service } = call;
    if (!queued) return;
    this.#line.delete(call);
    const waited = queued.to - queued.from;
    const kind = this.#kind(call);
    this.#judge(call, waited, service === null);
    this.#lately.gone(at, waited, service === null);
    if (service === null) return this.#estimator.left(call.id, at, kind, waited);
    this.#estimator.served(call.id, at, kind, waited);
    this.#begin(at, call);
  }

  #judge(call: Call, waited: number, left: boolean): void {
    const expected = this.#expected.get(call);
    if (!expected) return;
    this.#expected.delete(call);
    const { mean, low, middle, high } = expected.ours;
    this.replayed.ours.push({ waited, left, mean, low, middle, high });
    for (const [name, said] of Object.entries(expected.rivals)) {
      this.replayed.rivals[name as RivalName].push({ waited, left, mean: said, middle: said });
    }
  }

  #begin(at: number, call: Call): void {
    const server = call.service?.server;
    if (!server) return;
    const agent = this.#agents.get(server) ?? { call: null, lastEnd: 0, calls: 0, byKind: [] };
    this.#agents.set(server, agent);
    // Somebody waited, and he was not ready before: that was a pause.
    if (call.queued && !agent.call && at - agent.lastEnd < SEEN_SECONDS) this.#estimator.paused(at - agent.lastEnd);
    agent.call = call;
    agent.calls++;
    const kind = this.#kind(call);
    agent.byKind = Array.from(this.#kinds.values(), (one) => (agent.byKind[one] ?? 0) * FADE + (one === kind ? 1 : 0));
  }

  #end(at: number, call: Call): void {
    const { service } = call;
    if (!service) return;
    const agent = this.#agents.get(service.server ?? '');
    if (agent?.call === call) Object.assign(agent, { call: null, lastEnd: at });
    const seconds = at - service.from;
    if (seconds <= SHORTEST_SERVICE) return;
    this.#estimator.ended(at, this.#kind(call), seconds);
    this.#lately.ended(at, seconds);
  }

  #waiterOf(call: Call, now: number): Waiter {
    const waited = now - (call.queued?.from ?? now);
    return { kind: this.#kind(call), waited, rank: waited + (call.priority === HIGH ? CREDIT_SECONDS : 0) };
  }

  #onDuty(now: number, kind: number): Server[] {
    const servers = [...this.#agents.values()].flatMap((agent) => this.#serverOf(agent, now));
    if (servers.some(({ kinds }) => kinds?.has(kind))) return servers;
    // Somebody took such calls before and will again: who is there may, and one who was not seen lately may come.
    return [...servers, { kinds: null, capacity: 1, running: [], idle: SEEN_SECONDS / 2, onIn: 0, offIn: Infinity }];
  }

  #serverOf({ call, lastEnd, calls, byKind }: Agent, now: number): Server[] {
    const began = call?.service?.from;
    if (began === undefined && now - lastEnd > SEEN_SECONDS) return [];
    const all = byKind.reduce((sum, count) => sum + count, 0);
    const serves = (count: number) => calls < NEW_AGENT_CALLS || count > SERVES_SHARE * all;
    const kinds = new Set([...this.#kinds.values()].filter((kind) => serves(byKind[kind] ?? 0)));
    const running = call && began !== undefined ? [{ kind: this.#kind(call), age: now - began }] : [];
    return [{ kinds, capacity: 1, running, idle: call ? null : now - lastEnd, onIn: 0, offIn: Infinity }];
  }

  #view(now: number, ahead: number, servers: readonly Server[]): View {
    // All who are on duty: counting only those of this type makes every rule worse here.
    const serving = servers.length;
    const [head] = [...this.#line].sort((a, b) => (a.queued?.from ?? 0) - (b.queued?.from ?? 0));
    return {
      now,
      ahead,
      agents: serving,
      slots: serving,
      ready: 0,
      plan: [],
      ...this.#lately.view(now, head?.queued?.from),
    };
  }

  #kind({ type }: Call): number {
    const known = this.#kinds.get(type);
    if (known !== undefined) return known;
    this.#kinds.set(type, this.#kinds.size);
    return this.#kinds.size - 1;
  }
}

/** What the rivals remember. */
class Lately {
  readonly #handles: { at: number; seconds: number }[] = [];
  readonly #served: { at: number; waited: number }[] = [];
  readonly #high: number[] = [];
  #left = 0;
  #waited = 0;

  joined(at: number, high: boolean): void {
    if (high) this.#high.push(at);
  }

  /** Calls of high priority a second, over the last half hour. */
  highPerSecond(now: number): number {
    const first = this.#high.findLastIndex((at) => at <= now - 1_800);
    return (this.#high.length - 1 - first) / 1_800;
  }

  ended(at: number, seconds: number): void {
    this.#handles.push({ at, seconds });
  }

  gone(at: number, waited: number, left: boolean): void {
    this.#waited += waited;
    if (left) this.#left++;
    else this.#served.push({ at, waited });
  }

  view(now: number, headSince: number | undefined) {
    const hour = this.#handles.slice(this.#handles.findLastIndex(({ at }) => at <= now - 3_600) + 1);
    const mean = (list: { seconds: number }[]) =>
      list.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, list.length);
    const handle = this.#handles.length > 0 ? mean(this.#handles.slice(-600)) : 180;
    return {
      handle,
      handleHour: hour.length > 0 ? mean(hour) : handle,
      leavingPerSecond: this.#left / Math.max(1, this.#waited),
      head: headSince === undefined || headSince >= now ? null : now - headSince,
      served: this.#served.slice(-20),
    };
  }
}
