import type { ConversationId, WorkspaceId } from '@baton/core';
import type { Signal } from '#hub/signals.ts';
import type { Telling } from './telling.ts';

/** What one node says to the others. Never what was written: only that it was. */
export type Notice =
  /** A log has reached `seq`; `lists`: its workspace, where lists of conversations show the change. */
  | { type: 'head'; conversation: ConversationId; seq: number; lists: WorkspaceId | null }
  | { type: 'told'; workspace: WorkspaceId; conversation: ConversationId; seq: number; tellings: Telling[] }
  /** The waiting line or the team of a workspace changed. */
  | { type: 'line'; workspace: WorkspaceId }
  /** Something was configured. */
  | { type: 'configured'; workspace: WorkspaceId }
  /** Somebody types or has read: never stored. */
  | { type: 'signal'; signal: Signal }
  /** A node has come, or is heard again. */
  | { type: 'here' };

/** Nearly all notices are heads, so they are short: `["cnv_1",17]`, `["cnv_1",17,"wsp_1"]`. */
function encode(notice: Notice): string {
  if (notice.type !== 'head') return JSON.stringify(notice);
  const lists = notice.lists === null ? '' : `,"${notice.lists}"`;
  return `["${notice.conversation}",${notice.seq}${lists}]`;
}

/**
 * Texts of at most `limit` bytes that hold all of these in order: `["<node>",notice,notice...]`. A notice that alone is
 * larger is left out.
 */
export function pack(node: string, notices: readonly Notice[], limit: number): string[] {
  const head = `["${node}"`;
  const texts: string[] = [];
  let text = head;
  let bytes = head.length;
  for (const notice of notices) {
    const one = encode(notice);
    const size = Buffer.byteLength(one) + 1;
    if (head.length + size + 1 > limit) continue;
    if (bytes + size + 1 > limit) {
      texts.push(`${text}]`);
      text = head;
      bytes = head.length;
    }
    text += `,${one}`;
    bytes += size;
  }
  if (text !== head) texts.push(`${text}]`);
  return texts;
}

/** The notices of another node's text; null when this node sent it itself. Kinds that a newer node knows are passed over. Throws when it is no JSON. */
export function unpack(node: string, text: string): Notice[] | null {
  if (text.startsWith(`["${node}"`)) return null;
  const [, ...items] = JSON.parse(text) as [string, ...unknown[]];
  return items.flatMap((item) => {
    if (!Array.isArray(item)) return isNotice(item) ? [item] : [];
    const [conversation, seq, lists] = item as [ConversationId, number, WorkspaceId?];
    return [{ type: 'head' as const, conversation, seq, lists: lists ?? null }];
  });
}

const TYPES: ReadonlySet<unknown> = new Set<Notice['type']>(['told', 'line', 'configured', 'signal', 'here']);

function isNotice(item: unknown): item is Notice {
  return typeof item === 'object' && item !== null && TYPES.has((item as { type?: unknown }).type);
}
