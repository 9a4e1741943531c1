import { type ConversationId, type Logged, type Message, type Millis, textOf, words } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { Mailer } from '#ports/mailer.ts';
import type { World } from '#ports/world.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { finish, giveBack, type Lease, retryLater } from '#store/cursors.ts';
import { readMarksOf } from '#store/read-marks.ts';
import { findWorkspace } from '#store/workspaces.ts';
import { customerCard, pageOf } from './contexts.ts';
import type { Ledger } from './ledger.ts';

/** So long he has to read it in the window himself; a few sentences in a row become one letter. */
const READ_FIRST_MS = 120_000;
/** Between tries, in seconds: a mail server that is down for a night gets it in the morning. */
const WAITS = [30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800];

export interface MailSideDeps {
  pool: Pool;
  world: World;
  ledger: Ledger;
  mailer: Mailer;
  publicUrl: () => string;
  readFirstMs?: number;
}

interface Word {
  seq: number;
  at: Millis;
  message: Message;
}

/**
 * Sends what agents wrote after a customer who said that he would go (WA9), as one letter, where he has not read it in
 * the window. Nothing is sent to somebody whose address nobody knows.
 */
export function mailSide(deps: MailSideDeps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const { pool, world, ledger, readFirstMs = READ_FIRST_MS } = deps;
    const [events, marks, state] = await Promise.all([
      allAfter(pool, lease),
      readMarksOf(pool, lease.conversation),
      ledger.read(lease.conversation),
    ]);
    const end = events.at(-1)?.seq ?? lease.seq;
    const read = marks.find(({ side }) => side === 'customer')?.seq ?? 0;
    const unread = events.flatMap(wordOf).filter(({ seq }) => seq > read);
    const [first] = unread;
    if (first === undefined || state === null || state.erased) return finish(pool, lease, end);
    const wait = first.at + readFirstMs - world.now();
    if (wait > 0) return giveBack(pool, [lease], wait);
    const { email, name } = await customerCard(pool, state.workspace, state.customer);
    if (email === null) return finish(pool, lease, end);
    const [workspace, page] = await Promise.all([
      findWorkspace(pool, state.workspace),
      pageOf(pool, lease.conversation),
    ]);
    const letter = words(state.locale).letter({
      customer: name,
      team: workspace?.name ?? '',
      agent: first.message.author.name ?? '',
      said: unread.map(({ message }) => textOf(message.parts)),
      page: page?.url ?? null,
    });
    const id = `${lease.conversation}.${first.seq}@${new URL(deps.publicUrl()).hostname}`;
    try {
      await deps.mailer.send({ ...letter, to: email, id });
    } catch (error) {
      if (!(error instanceof AdapterFailure)) throw error;
      return failed(deps, lease, error, first.seq, end);
    }
    await finish(pool, lease, end);
  };
}

/** What may arrive later is tried for a day; what cannot, or may have arrived, is told to the agent and not sent again. */
async function failed(
  { pool, ledger }: MailSideDeps,
  lease: Lease,
  { kind, message }: AdapterFailure,
  seq: number,
  end: number,
): Promise<void> {
  const wait = kind === 'retry' || kind === 'auth' ? WAITS[lease.attempts] : undefined;
  if (wait !== undefined) return retryLater(pool, lease, wait * 1_000, message);
  await ledger.commit(lease.conversation, { type: 'delivery-failed', side: lease.side, seq, kind, detail: message });
  await finish(pool, lease, end);
}

function wordOf({ seq, at, event }: Logged): Word[] {
  if (event.type !== 'message' || event.message.author.role !== 'agent' || event.message.redacted) return [];
  return [{ seq, at, message: event.message }];
}

async function allAfter(
  pool: Pool,
  { conversation, seq }: { conversation: ConversationId; seq: number },
): Promise<Logged[]> {
  const all: Logged[] = [];
  for (;;) {
    const page = await eventsAfter(pool, conversation, all.at(-1)?.seq ?? seq);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}
