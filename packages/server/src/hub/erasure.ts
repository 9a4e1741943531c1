import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Actor,
  type ConversationId,
  type CustomerId,
  type MessageId,
  type WorkspaceId,
  withoutMessage,
  withoutWords,
} from '@baton/core';
import type { Pool } from 'pg';
import {
  bareConversation,
  beginErasure,
  conversationsOf,
  type Doomed,
  endErasure,
  everyIdOf,
  filesSaidIn,
  filesUploadedBy,
  forgetAnswersAbout,
  forgetAnswersIn,
  forgetFiles,
  forgetInboxAbout,
  namesOf,
  rewriteLog,
  unquoteHandoffs,
} from '#store/erase.ts';
import type { Ledger, Outcome } from './ledger.ts';

export interface ErasureDeps {
  pool: Pool;
  ledger: Pick<Ledger, 'commit' | 'read'>;
  /** Where uploads are. */
  filesFolder: string;
}

/** What was taken away. */
export interface Erased {
  customers: CustomerId[];
  conversations: number;
  files: number;
}

/**
 * Takes everything that is held of a customer, under every id that he has had: what was said in his conversations, his
 * files, his details, and the copies of them that wait in tables of our own. Each log keeps its shape and ends with
 * `customer.erased`, so that endpoints hear of it and outside sides can follow. Null: there is no such customer.
 *
 * May be cut off anywhere: done again it goes on, and housekeeping does that by itself. What outside desks, bots and
 * backups hold is not ours to reach.
 */
export async function eraseCustomer(
  deps: ErasureDeps,
  workspace: WorkspaceId,
  customer: string,
  by: Actor,
): Promise<Erased | null> {
  const { pool } = deps;
  const customers = await everyIdOf(pool, workspace, customer);
  if (customers.length === 0) return null;
  // His tokens first: from here on nothing new begins under these ids.
  await beginErasure(pool, workspace, customers);
  const conversations = await conversationsOf(pool, workspace, customers);
  const said = await filesSaidIn(pool, workspace, conversations);
  const uploaded = await filesUploadedBy(pool, workspace, customers);
  for (const id of conversations) await eraseConversation(deps, workspace, id, by);
  const files = await deleteFiles(deps, workspace, [...said, ...uploaded]);
  await forgetInboxAbout(pool, workspace, [...(await namesOf(pool, workspace, customers)), ...conversations]);
  await forgetAnswersAbout(pool, workspace, customers);
  await endErasure(pool, workspace, customers);
  return { customers, conversations: conversations.length, files };
}

async function eraseConversation(
  { pool, ledger }: ErasureDeps,
  workspace: WorkspaceId,
  id: ConversationId,
  by: Actor,
): Promise<void> {
  const outcome = await ledger.commit(id, { type: 'erase', by });
  // Deleted meanwhile: retention was faster.
  if (!outcome.ok) return;
  // Nothing can be said there any more, so what is blanked now is all of it.
  await rewriteLog(pool, id, withoutWords);
  await bareConversation(pool, id);
  await forgetAnswersIn(pool, workspace, id);
}

/**
 * Takes one message out of a log for good: its words, its edits, its files, and what quoted it. Its place and its author
 * stay. Words first, event after: cut off in between, nobody can read it any more, and done again it is told. And once more
 * after the event: what was written in between (an edit, a handoff that quotes it) still had them.
 */
export async function redactMessage(
  deps: ErasureDeps,
  at: { workspace: WorkspaceId; conversation: ConversationId; message: MessageId; seq: number },
  by: Actor,
): Promise<Outcome> {
  const { conversation, message, seq } = at;
  await wipeMessage(deps, at);
  const outcome = await deps.ledger.commit(conversation, {
    type: 'redact',
    message,
    seq,
    by,
    key: `redact:${message}`,
  });
  await wipeMessage(deps, at);
  return outcome;
}

/** No word of it is left in log, rows, kept answers or on the disk. Twice is fine. */
export async function wipeMessage(
  deps: Pick<ErasureDeps, 'pool' | 'filesFolder'>,
  at: { workspace: WorkspaceId; conversation: ConversationId; message: MessageId; seq: number },
): Promise<void> {
  const { pool } = deps;
  const { workspace, conversation, message, seq } = at;
  await deleteFiles(deps, workspace, await filesSaidIn(pool, workspace, [conversation], message));
  await rewriteLog(pool, conversation, (event) => withoutMessage(event, message, seq));
  await forgetAnswersAbout(pool, workspace, [message]);
  await unquoteHandoffs(pool, conversation, seq);
}

/** From the disk first: a row without its file is answered as not found, a file without its row would stay for ever. */
export async function deleteFiles(
  { pool, filesFolder }: Pick<ErasureDeps, 'pool' | 'filesFolder'>,
  workspace: WorkspaceId,
  files: readonly Doomed[],
): Promise<number> {
  const byId = new Map(files.map((file) => [file.id, file]));
  for (const { path } of byId.values()) await rm(join(filesFolder, path), { force: true });
  await forgetFiles(pool, workspace, [...byId.keys()]);
  return byId.size;
}
