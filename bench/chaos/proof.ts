// What must be true afterwards, whatever was done to the servers. Read from the database itself.
import { isDeepStrictEqual } from 'node:util';
import { type Conversation, type Logged, replay } from '@baton/core';
import type { EventItem } from '@baton/protocol';
import pg from 'pg';
import {
  botOverHuman,
  controlOf,
  type FaultKind,
  faultsOfLog,
  faultsOfReceived,
  faultsOfSent,
} from '#bench/simulate/proof/verdict.ts';
import type { ChaosAgent } from './agent.ts';
import type { Visitor } from './visitor.ts';

/** Baton's promises that the log alone does not show. */
export type Wrong = FaultKind | 'handoff' | 'ghost' | 'cursor' | 'deadline' | 'state';

export interface Finding {
  kind: Wrong;
  conversation: string;
  what: string;
}

export interface Proof {
  findings: Finding[];
  conversations: number;
  events: number;
  messages: number;
  handoffs: { began: number; ended: number; outcomes: Record<string, number> };
}

/** Milliseconds that somebody who has just left need not have seen. */
const JUST_NOW_MS = 3_000;
/** What an agent's socket sends him of what was said before he came is at least so much. */
const EVENTS_BEFORE = 150;

export async function prove(
  url: string,
  { visitors, agents }: { visitors: readonly Visitor[]; agents: readonly ChaosAgent[] },
): Promise<Proof> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const logs = await readLogs(client);
    const byConversation = new Map(visitors.map((visitor) => [visitor.conversation as string, visitor]));
    const findings: Finding[] = visitors.flatMap(unanswered);
    for (const [conversation, log] of logs) {
      const visitor = byConversation.get(conversation);
      if (visitor) findings.push(...ofConversation(visitor, agents, conversation, asItems(log)));
    }
    findings.push(...(await ofDatabase(client, logs)), ...ghosts(agents, logs));
    findings.sort((one, other) => order(one) - order(other));
    const all = [...logs.values()];
    return {
      findings: distinct(findings),
      conversations: logs.size,
      events: all.reduce((sum, log) => sum + log.length, 0),
      messages: all.reduce((sum, log) => sum + log.filter(({ event }) => event.type === 'message').length, 0),
      handoffs: handoffsOf(all),
    };
  } finally {
    await client.end();
  }
}

/** The rare kinds first: there is room for some of each. */
function order({ kind }: Finding): number {
  return ['ghost', 'handoff', 'cursor', 'deadline', 'lost', 'outOfOrder', 'state', 'doubled'].indexOf(kind);
}

async function readLogs(client: pg.Client): Promise<Map<string, Logged[]>> {
  const { rows } = await client.query<Logged & { conversation: string; key: string | null }>(
    `select conversation_id as conversation, seq, round(extract(epoch from at) * 1000)::float8 as at, event, key
     from events order by conversation_id, seq`,
  );
  const logs = new Map<string, Logged[]>();
  for (const { conversation, seq, at, event, key } of rows) {
    const log = logs.get(conversation) ?? [];
    log.push(key === null ? { seq, at, event } : { seq, at, event, key });
    logs.set(conversation, log);
  }
  return logs;
}

/** A log in the database is the log of the wire in what is looked at here. */
function asItems(log: readonly Logged[]): EventItem[] {
  return log.map(({ seq, at, event }) => ({ seq, at: new Date(at).toISOString(), event })) as unknown as EventItem[];
}

function ofConversation(
  visitor: Visitor,
  agents: readonly ChaosAgent[],
  conversation: string,
  items: readonly EventItem[],
): Finding[] {
  const { witness } = visitor;
  // Who has left has seen everything until then.
  const until = visitor.leftAt === null ? witness.head : lastBefore(items, visitor.leftAt - JUST_NOW_MS);
  const found = [
    ...faultsOfLog(items),
    ...botOverHuman(items),
    ...faultsOfSent('customer', witness, items),
    ...faultsOfReceived('customer', witness, items, 1, Math.max(until, witness.head)),
    ...agents.flatMap((agent) => ofAgent(agent, conversation, items)),
  ];
  return found.map(([kind, what]) => ({ kind, conversation, what }));
}

function lastBefore(items: readonly EventItem[], at: number): number {
  return items.findLast((item) => Date.parse(item.at) <= at)?.seq ?? 0;
}

/** An agent has seen all of what was said while he answered: from the first event that he got to his own last word. */
function ofAgent(agent: ChaosAgent, conversation: string, items: readonly EventItem[]): [FaultKind, string][] {
  const witness = agent.witnessOf(conversation);
  if (!witness) return [];
  const side = `agent ${agent.id}`;
  const spans = controlOf(items).filter((span) => span.agent === agent.id);
  return [
    ...faultsOfSent(side, witness, items),
    ...spans.flatMap(({ from, to }) => {
      const [first] = witness.receipts
        .flatMap(({ seq }) => (seq >= from - EVENTS_BEFORE ? [seq] : []))
        .sort((a, b) => a - b);
      const said = items.findLast(
        ({ seq, event }) =>
          seq >= from && seq <= to && event.type === 'message' && event.message.author.role === 'agent',
      );
      return first === undefined || !said ? [] : faultsOfReceived(side, witness, items, first, said.seq);
    }),
  ];
}

function unanswered({ witness, conversation }: Visitor): Finding[] {
  if (conversation !== null) return [];
  return witness.sent.map(({ clientId }) => ({ kind: 'lost', conversation: '-', what: `${clientId} got no answer` }));
}

/** Stored state and tables are what a replay of the log gives; nothing is left undone. */
async function ofDatabase(client: pg.Client, logs: ReadonlyMap<string, readonly Logged[]>): Promise<Finding[]> {
  const findings: Finding[] = [];
  const { rows: heads } = await client.query<Head>(
    `select c.id, c.seq, s.state, s.seq as "stateSeq", c.holder, c.handoff_phase as phase
     from conversations c join conversation_states s on s.conversation_id = c.id`,
  );
  for (const head of heads) findings.push(...ofHead(head, logs.get(head.id) ?? []));
  const { rows: handoffs } = await client.query<HandoffRow>(
    'select id, conversation_id as conversation, phase, outcome, agent_id as agent from handoffs',
  );
  for (const row of handoffs) findings.push(...ofHandoff(row, logs.get(row.conversation) ?? []));
  const { rows: cursors } = await client.query<{ conversation: string; side: string; error: string | null }>(
    'select conversation_id as conversation, side, last_error as error from cursors where due_at is not null',
  );
  for (const { conversation, side, error } of cursors)
    findings.push({ kind: 'cursor', conversation, what: `${side} did not settle (${error ?? 'no error'})` });
  const { rows: late } = await client.query<{ conversation: string; by: number }>(
    `select conversation_id as conversation, extract(epoch from now() - due_at)::float8 as by from deadlines
     where due_at < now() - interval '5 seconds'`,
  );
  for (const { conversation, by } of late)
    findings.push({ kind: 'deadline', conversation, what: `is overdue by ${by.toFixed(1)} s` });
  return findings;
}

interface Head {
  id: string;
  seq: number;
  state: Conversation;
  stateSeq: number;
  holder: string;
  phase: string | null;
}

function ofHead({ id, seq, state, stateSeq, holder, phase }: Head, log: readonly Logged[]): Finding[] {
  const wrong = (what: string): Finding[] => [{ kind: 'state', conversation: id, what }];
  if (log.at(-1)?.seq !== seq) return wrong(`the head says ${seq}, the log ends with ${log.at(-1)?.seq}`);
  const whole = replay(null, log);
  const stored = replay(
    state,
    log.filter((one) => one.seq > stateSeq),
  );
  if (!isDeepStrictEqual(plain(whole), plain(stored))) return wrong('the stored state is not what the log gives');
  if (whole?.control.holder !== holder || (whole.handoff?.phase ?? null) !== phase)
    return wrong(`the columns say ${holder}, ${phase}; the state ${whole?.control.holder}, ${whole?.handoff?.phase}`);
  return [];
}

/** As JSON has it: a field that is undefined and one that is missing are the same. */
function plain(state: Conversation | null): unknown {
  return JSON.parse(JSON.stringify(state));
}

interface HandoffRow {
  id: string;
  conversation: string;
  phase: string;
  outcome: string | null;
  agent: string | null;
}

function ofHandoff({ id, conversation, phase, outcome }: HandoffRow, log: readonly Logged[]): Finding[] {
  const wrong = (what: string): Finding => ({ kind: 'handoff', conversation, what: `${id}: ${what}` });
  const ends = log.flatMap(({ event }) => (event.type === 'handoff.ended' && event.handoff === id ? [event] : []));
  if (ends.length > 1) return [wrong(`ended ${ends.length} times`)];
  const [end] = ends;
  if (!end) return [wrong(`is still ${phase}, and nobody is left who works on it`)];
  if (phase !== 'ended' || outcome !== end.outcome)
    return [wrong(`the table says ${phase} ${outcome}, the log ended ${end.outcome}`)];
  return [];
}

/** Nobody believes to hold what he does not hold. */
function ghosts(agents: readonly ChaosAgent[], logs: ReadonlyMap<string, readonly Logged[]>): Finding[] {
  return agents.flatMap((agent) =>
    agent.holds.flatMap((conversation): Finding[] => {
      const control = replay(null, logs.get(conversation) ?? [])?.control;
      if (control?.holder === 'agent' && control.agent.id === agent.id) return [];
      return [{ kind: 'ghost', conversation, what: `${agent.id} believes to hold it; ${control?.holder} does` }];
    }),
  );
}

function handoffsOf(logs: readonly (readonly Logged[])[]): Proof['handoffs'] {
  const began = new Set<string>();
  const outcomes: Record<string, number> = {};
  let ended = 0;
  for (const log of logs) {
    for (const { event } of log) {
      if (event.type === 'handoff.requested') began.add(event.handoff);
      if (event.type !== 'handoff.ended') continue;
      ended++;
      outcomes[event.outcome] = (outcomes[event.outcome] ?? 0) + 1;
    }
  }
  return { began: began.size, ended, outcomes };
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.kind} ${one.conversation} ${one.what}`, one])).values()];
}
