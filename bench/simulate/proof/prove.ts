import type { EventItem } from '@baton/protocol';
import type { Client, Login } from '#bench/server/client.ts';
import type { Play } from '#bench/simulate/play/play.ts';
import type { Tally } from './tally.ts';
import { controlOf, type Fault, faultsOf, type Stint } from './verdict.ts';
import { handoffsOf } from './waits.ts';

/** What is in the log has to come down every wire that stands so long, or it counts as lost. */
const ARRIVAL_MS = 10_000;
/** A wire that was cut comes back within 15 s and more on a busy machine; so often 10 s are given. */
const MOST_ROUNDS = 9;

/** Reads the log of a conversation that is over, waits until its sides have what they must have, and counts what is wrong. */
export async function prove(
  { client, admin }: { client: Client; admin: Login },
  tally: Tally,
  play: Play,
): Promise<void> {
  const { conversation, witness } = play;
  if (conversation === null) {
    const faults = unanswered(play);
    tally.add({ log: [], stories: [], faults, ...play });
    return;
  }
  let log = await client.timeline(admin, conversation);
  // What came while it was being read belongs to it.
  while ((log.at(-1)?.seq ?? 0) < witness.head) log = await client.timeline(admin, conversation);
  const stints = stintsOf(play, log);
  const arrived = () =>
    witness.head >= lastMessage(log, Number.POSITIVE_INFINITY) &&
    stints.every((stint) => stint.witness.head >= lastMessage(log, stint.to));
  await arrival(play, stints, arrived);
  const faults = [...faultsOf({ conversation, log, customer: witness, stints }), ...untold(play, log)];
  tally.add({ log, stories: handoffsOf(log, play.askIds), faults, ...play });
}

/** Waits for what is under way, with patience for wires that do not stand. */
async function arrival(play: Play, stints: readonly Stint[], arrived: () => boolean): Promise<void> {
  const witnesses = [play.witness, ...stints.map(({ witness }) => witness)];
  const connections = () => witnesses.reduce((sum, witness) => sum + witness.connections, 0);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = connections();
    if (await play.pulse.until(arrived, ARRIVAL_MS, new AbortController().signal)) return;
    if (play.live() && play.stints.every(({ live }) => live) && connections() === before) return;
  }
}

/** The stretches of control of the log, each with what its agent saw meanwhile. */
function stintsOf(play: Play, log: readonly EventItem[]): Stint[] {
  const records = play.stints.filter((stint) => stint.began);
  const taken = new Set<number>();
  return controlOf(log).flatMap((span) => {
    const at = records.findIndex((record, index) => !taken.has(index) && record.agent === span.agent);
    const record = records[at];
    if (!record) return [];
    taken.add(at);
    return [{ ...span, witness: record.witness }];
  });
}

/** Agents who got control by the log and never heard of it. */
function untold(play: Play, log: readonly EventItem[]): Fault[] {
  const missing = controlOf(log).length - play.stints.filter((stint) => stint.began).length;
  if (missing <= 0 || play.conversation === null) return [];
  return [
    { kind: 'lost', conversation: play.conversation, what: `${missing} times an agent got control and was not told` },
  ];
}

/** A customer who never got as far as a conversation: what he said got no answer at all. */
function unanswered(play: Play): Fault[] {
  return play.witness.sent
    .filter(({ refused }) => refused === null)
    .map(({ clientId }) => ({ kind: 'lost', conversation: '-', what: `customer: ${clientId} got no answer` }));
}

function lastMessage(log: readonly EventItem[], to: number): number {
  return log.findLast(({ seq, event }) => event.type === 'message' && seq <= to)?.seq ?? 0;
}
