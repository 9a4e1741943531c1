// What must be true afterwards: what was said is at the desk and in the log, each once and in order.
import type { EventItem } from '@baton/protocol';
import type { DeskTwin, SeenTicket } from '@baton/server/src/adapters/kit/desk-twin.ts';
import pg from 'pg';
import type { Story } from './story.ts';

export type Wrong = 'lost' | 'doubled' | 'outOfOrder' | 'unknown' | 'leaked';

export interface Finding {
  kind: Wrong;
  story: string;
  conversation: string | null;
  what: string;
}

/** Each word of `said` once in `found`, in this order; several may be in one. */
function compare(said: readonly string[], found: readonly string[], where: string): { kind: Wrong; what: string }[] {
  const findings: { kind: Wrong; what: string }[] = [];
  const places: [entry: number, within: number][] = [];
  for (const words of said) {
    const at = found.flatMap((text, entry): [number, number][] =>
      text.includes(words) ? [[entry, text.indexOf(words)]] : [],
    );
    if (at.length === 0) findings.push({ kind: 'lost', what: `"${words}" ${where}` });
    if (at.length > 1) findings.push({ kind: 'doubled', what: `"${words}" ${where}, ${at.length} times` });
    if (at[0] !== undefined) places.push(at[0]);
  }
  const isAfter = ([entry, within]: [number, number], [before, place]: [number, number]) =>
    entry > before || (entry === before && within > place);
  if (places.some((place, index) => index > 0 && !isAfter(place, places[index - 1] ?? [-1, -1])))
    findings.push({
      kind: 'outOfOrder',
      what: `${where}: ${found.filter((text) => said.some((one) => text.includes(one))).join(' | ')}`,
    });
  return findings;
}

/** One conversation against its desk and its log. `alike`: all tickets that came of it. */
export function prove(
  story: Story,
  twin: DeskTwin,
  log: readonly EventItem[],
  alike: readonly SeenTicket[],
): Finding[] {
  const { name, conversation, ticket } = story;
  const tell = (found: readonly { kind: Wrong; what: string }[]) =>
    found.map((one) => ({ ...one, story: name, conversation }));
  if (!story.over) return tell([{ kind: 'unknown', what: `never came to ${story.waiting || 'its end'}` }]);
  const entries = twin.ticket(ticket ?? '')?.entries.map(({ text }) => text) ?? [];
  const said = log.flatMap(({ event }) =>
    event.type === 'message' && !event.message.imported && event.message.author.role === 'agent'
      ? [event.message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n')]
      : [],
  );
  const whole = entries.join('\n');
  return tell([
    // A handoff that failed may have left a ticket behind, which is closed; more than one for one handoff is one too many.
    ...(alike.length > 1 + story.refused
      ? [{ kind: 'doubled' as const, what: `tickets ${alike.map(({ id }) => id).join(', ')}` }]
      : []),
    ...alike.flatMap(({ id, open }) =>
      open && id !== ticket
        ? [{ kind: 'unknown' as const, what: `ticket ${id}, which nobody waits for, is open` }]
        : [],
    ),
    ...story.transcript.flatMap((words) =>
      whole.includes(words) ? [] : [{ kind: 'lost' as const, what: `"${words}" of the transcript` }],
    ),
    ...compare(story.asked, entries, 'at the desk'),
    ...compare(story.answered, said, 'in the log'),
    ...story.noted.flatMap((words) =>
      said.some((text) => text.includes(words)) ? [{ kind: 'leaked' as const, what: `the note "${words}"` }] : [],
    ),
  ]);
}

/**
 * What the database holds open: nothing should be, once all is calm. Rows of one desk. An opening that failed with its handoff is
 * known to have failed: the customer was told.
 */
export async function openAt(url: string, desk: string): Promise<{ what: string; conversation: string }[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ what: string; conversation: string }>(
      `select 'delivery of seq ' || seq || ': ' || state || coalesce(', ' || detail, '') as what, conversation_id as conversation
         from deliveries d where side = 'desk:' || $1 and state in ('pending', 'unknown', 'failed') and not (state = 'failed' and exists (
           select from events e join handoffs h on h.id = e.event ->> 'handoff' where e.conversation_id = d.conversation_id
             and e.seq = d.seq and e.type = 'handoff.requested' and h.outcome = 'desk_failed'))
       union all
       select 'handoff ' || phase, conversation_id from handoffs where desk_id = $1 and phase <> 'ended'
       union all
       select 'cursor at ' || seq || coalesce(': ' || last_error, ''), conversation_id from cursors where side = 'desk:' || $1 and due_at is not null
       union all
       select 'inbox ' || type || coalesce(': ' || error, ''), ticket from inbox where integration_id = $1 and done_at is null`,
      [desk],
    );
    return rows;
  } finally {
    await client.end();
  }
}
