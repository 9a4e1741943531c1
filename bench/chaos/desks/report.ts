import { setTimeout as sleep } from 'node:timers/promises';
import type { EventItem } from '@baton/protocol';
import type { Baton } from '@baton/sdk';
import type { DeskFault } from '@baton/server/src/adapters/kit/desk-twin.ts';
import type { Place } from './place.ts';
import { type Finding, openAt, prove } from './proof.ts';
import type { Story } from './story.ts';

/** The longest pause between two tries, and some more. */
const REST_MS = 75_000;
const FINDINGS_TOLD = 40;

export interface DeskReport {
  kind: string;
  conversations: number;
  tickets: number;
  toDesk: number;
  fromDesk: number;
  calls: number;
  webhooks: number;
  faults: Partial<Record<DeskFault, number>>;
  /** Handoffs that the desk did not take in time; the customer was told, and asked again. */
  refused: number;
  lost: number;
  doubled: number;
  outOfOrder: number;
  /** Neither done nor known to have failed, or never ended. */
  unknown: number;
  /** Notes among staff that a customer could read. */
  leaked: number;
  findings: Finding[];
}

export interface DesksReport {
  seed: string;
  seconds: number;
  kills: number;
  /** Times that the server ended by itself. */
  crashes: string[];
  desks: DeskReport[];
  /** Kinds of the registry without a twin. */
  untried: string[];
}

/** What became of all conversations of a desk. `url`: of the database. */
export async function reportOf(
  place: Place,
  faults: DeskReport['faults'],
  baton: Baton,
  url: string,
): Promise<DeskReport> {
  const { kind, stories, twin, id } = place;
  const left = await leftAt(url, id);
  const tickets = twin.tickets();
  const findings: Finding[] = [];
  for (const story of stories) {
    const alike = tickets.filter(({ entries }) => entries.some(({ text }) => text.includes(`${story.name} before 0.`)));
    findings.push(...prove(story, twin, await logOf(baton, story.conversation), alike));
  }
  const byConversation = new Map(stories.map((story) => [story.conversation as string, story.name]));
  for (const { what, conversation } of left)
    findings.push({ kind: 'unknown', what, conversation, story: byConversation.get(conversation) ?? '-' });
  const count = (wrong: Finding['kind']) => findings.filter((one) => one.kind === wrong).length;
  const sum = (of: (story: Story) => number) => stories.reduce((total, story) => total + of(story), 0);
  return {
    kind,
    conversations: stories.length,
    tickets: tickets.length,
    toDesk: sum(({ asked }) => asked.length),
    fromDesk: sum(({ answered }) => answered.length),
    calls: twin.calls.length,
    webhooks: twin.webhooks.sent.length,
    faults,
    refused: sum(({ refused }) => refused),
    lost: count('lost'),
    doubled: count('doubled'),
    outOfOrder: count('outOfOrder'),
    unknown: count('unknown'),
    leaked: count('leaked'),
    findings: findings.slice(0, FINDINGS_TOLD),
  };
}

/** What is still open when everything that was only waiting for its next try has had it. */
async function leftAt(url: string, desk: string): ReturnType<typeof openAt> {
  for (const end = performance.now() + REST_MS; ; await sleep(500)) {
    const open = await openAt(url, desk);
    if (open.length === 0 || performance.now() > end) return open;
  }
}

async function logOf(baton: Baton, conversation: Story['conversation']): Promise<EventItem[]> {
  if (conversation === null) return [];
  const items: EventItem[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: EventItem[]; next: number | null } = await baton.get('/v1/conversations/{id}/events', {
      params: { id: conversation },
      query: { after, limit: 1_000 },
    });
    items.push(...page.items);
    after = page.next;
  }
  return items;
}
