import type { ClientFrame, ServerFrame } from '@baton/protocol';
import { ClientFrame as ClientFrameSchema } from '@baton/protocol/schemas';
import { isPlainSay } from './plain-say.ts';

type Parsed = { frame: ClientFrame } | { refused: ServerFrame };

/** Reads a client's frame; what is wrong is said with the field at fault and the sender's own id, where it has one. */
export function parseFrame(text: string): Parsed {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { refused: { type: 'refused', code: 'bad_json', message: 'A frame is one JSON object.' } };
  }
  return readFrame(raw);
}

/** The same of what is no text any more. */
export function readFrame(raw: unknown): Parsed {
  if (isPlainSay(raw)) return { frame: raw };
  const parsed = ClientFrameSchema.safeParse(raw);
  if (parsed.success) return { frame: parsed.data as ClientFrame };
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.');
  const message = `${where ? `${where}: ` : ''}${issue?.message ?? 'Not a frame.'}`;
  return { refused: { type: 'refused', code: 'bad_frame', message, ...idsOf(raw) } };
}

/** The ids by which the sender knows his frame. */
function idsOf(raw: unknown): { clientId?: string; id?: string } {
  if (typeof raw !== 'object' || raw === null) return {};
  const { clientId, id } = raw as { clientId?: unknown; id?: unknown };
  return { ...(typeof clientId === 'string' ? { clientId } : {}), ...(typeof id === 'string' ? { id } : {}) };
}
