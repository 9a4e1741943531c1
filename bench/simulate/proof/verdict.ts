import type { EventItem } from '@baton/protocol';
import type { Witness } from './witness.ts';

/** Everything that is known of one conversation after its end. */
export interface Record {
  conversation: string;
  /** The log as read back over HTTP. */
  log: readonly EventItem[];
  customer: Witness;
  /** One stint: from an agent's acceptance to the end of his control. */
  stints: readonly Stint[];
}

export interface Stint {
  agent: string;
  witness: Witness;
  /** The seq at which the log says that he got control, and the one at which he lost it; the end of the log otherwise. */
  from: number;
  to: number;
}

export type FaultKind = 'lost' | 'doubled' | 'outOfOrder' | 'botOverHuman';
export interface Fault {
  kind: FaultKind;
  conversation: string;
  /** What happened, for whoever looks for the cause. */
  what: string;
}

/**
 * Of what was said before he came, an agent's socket sends the last 200 events; the context of his offer has all of it.
 * Fewer are asked for here, because the log grows between his acceptance and his first look.
 */
const EVENTS_BEFORE = 150;

/** What is wrong with a conversation: nothing, if Baton keeps its word. */
export function faultsOf(record: Record): Fault[] {
  const { conversation, log, customer, stints } = record;
  const faults: [FaultKind, string][] = [
    ...faultsOfLog(log),
    ...faultsOfSent('customer', customer, log),
    ...faultsOfReceived('customer', customer, log, 1, Number.POSITIVE_INFINITY),
    ...stints.flatMap(({ agent, witness, from, to }) => [
      ...faultsOfSent(`agent ${agent}`, witness, log),
      ...faultsOfReceived(`agent ${agent}`, witness, log, from - EVENTS_BEFORE, to),
    ]),
    ...botOverHuman(log),
  ];
  return faults.map(([kind, what]) => ({ kind, conversation, what }));
}

export function faultsOfLog(log: readonly EventItem[]): [FaultKind, string][] {
  const faults: [FaultKind, string][] = [];
  for (const [index, { seq }] of log.entries()) {
    if (seq !== index + 1) faults.push(['outOfOrder', `the log has seq ${seq} in place ${index + 1}`]);
  }
  return faults;
}

export function faultsOfSent(side: string, witness: Witness, log: readonly EventItem[]): [FaultKind, string][] {
  const faults: [FaultKind, string][] = [];
  const places = placesOf(log);
  let last = 0;
  for (const { clientId, seq, otherSeq, refused } of witness.sent) {
    const found = places.get(clientId) ?? [];
    if (refused !== null) {
      if (found.length > 0) faults.push(['doubled', `${side}: ${clientId} was refused (${refused}) and is in the log`]);
      continue;
    }
    if (found.length === 0) {
      faults.push([
        'lost',
        `${side}: ${clientId} ${seq === null ? 'got no answer' : `was acknowledged as ${seq}`} and is not in the log`,
      ]);
      continue;
    }
    if (found.length > 1) faults.push(['doubled', `${side}: ${clientId} is in the log as ${found.join(' and ')}`]);
    const [place = 0] = found;
    if (seq !== null && seq !== place)
      faults.push(['lost', `${side}: ${clientId} was acknowledged as ${seq} and is ${place}`]);
    if (otherSeq !== null)
      faults.push(['doubled', `${side}: ${clientId} was acknowledged as ${seq} and as ${otherSeq}`]);
    if (place < last)
      faults.push(['outOfOrder', `${side}: ${clientId} is ${place}, and what was sent before it is ${last}`]);
    last = Math.max(last, place);
  }
  return faults;
}

/** Which seqs a sender's message has in the log. */
function placesOf(log: readonly EventItem[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const { seq, event } of log) {
    if (event.type !== 'message' || event.message.clientId === undefined) continue;
    places.set(event.message.clientId, [...(places.get(event.message.clientId) ?? []), seq]);
  }
  return places;
}

export function faultsOfReceived(
  side: string,
  witness: Witness,
  log: readonly EventItem[],
  from: number,
  to: number,
): [FaultKind, string][] {
  const faults: [FaultKind, string][] = [];
  const seen = new Set<number>();
  let connection = -1;
  let last = 0;
  for (const receipt of witness.receipts) {
    if (receipt.connection !== connection) {
      connection = receipt.connection;
      last = witness.sinceOf(connection) ?? 0;
    }
    const { seq } = receipt;
    if (seq <= last) {
      const kind = seen.has(seq) ? 'doubled' : 'outOfOrder';
      faults.push([kind, `${side}: ${seq} came after ${last} by connection ${connection}`]);
    }
    seen.add(seq);
    last = Math.max(last, seq);
  }
  for (const { seq, event } of log) {
    if (event.type !== 'message' || seq < from || seq > to || seen.has(seq)) continue;
    const came = `${witness.connections} connections, the last event was ${witness.head}`;
    faults.push(['lost', `${side}: ${seq}, a message of the ${event.message.author.role}, never came (${came})`]);
  }
  return faults;
}

/** Answers of a bot that did not have control, or that it wrote when it had it another time. */
export function botOverHuman(log: readonly EventItem[]): [FaultKind, string][] {
  const faults: [FaultKind, string][] = [];
  let holder = 'nobody';
  let epoch: number | undefined;
  for (const { seq, event } of log) {
    if (event.type === 'conversation.opened') holder = event.bot ? 'bot' : 'nobody';
    if (event.type === 'control.changed') {
      holder = event.to.holder;
      epoch = event.epoch;
    }
    if (event.type !== 'message' || event.message.author.role !== 'bot' || event.message.imported) continue;
    const written = event.message.epoch;
    if (holder !== 'bot') faults.push(['botOverHuman', `${seq}: a bot answered while control was with ${holder}`]);
    else if (epoch !== undefined && written !== undefined && written !== epoch) {
      faults.push(['botOverHuman', `${seq}: a bot's answer of epoch ${written} came in epoch ${epoch}`]);
    }
  }
  return faults;
}

/** When agents had control, by the log. */
export function controlOf(log: readonly EventItem[]): { agent: string; from: number; to: number }[] {
  const spans: { agent: string; from: number; to: number }[] = [];
  for (const { seq, event } of log) {
    if (event.type !== 'control.changed') continue;
    const open = spans.at(-1);
    if (open?.to === Number.POSITIVE_INFINITY) open.to = seq;
    if (event.to.holder === 'agent' && event.to.agent) {
      spans.push({ agent: event.to.agent.id, from: seq, to: Number.POSITIVE_INFINITY });
    }
  }
  return spans;
}
