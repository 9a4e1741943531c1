import type { SeenFile, TwinRequest, TwinWork } from '#kit/desk-twin.ts';

interface Draft {
  content?: string;
  message_type?: string;
  private?: boolean | string;
  source_id?: string;
}

/** What faults aim at. */
export function work({ method, path, text }: TwinRequest): TwinWork {
  if (method !== 'POST') return 'other';
  if (path.endsWith('/conversations')) return 'ticket';
  return path.endsWith('/messages') && text.includes('incoming') ? 'message' : 'other';
}

/** A message to be written: JSON, or a form with files. */
export async function draftOf({ headers, text, bytes }: TwinRequest): Promise<{ draft: Draft; sent: SeenFile[] }> {
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return { draft: JSON.parse(text), sent: [] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const sent = await Promise.all(
    form.getAll('attachments[]').map(async (file) => {
      if (typeof file === 'string') throw new Error('A file was sent as words.');
      return { name: file.name, mime: file.type, bytes: new Uint8Array(await file.arrayBuffer()) };
    }),
  );
  const draft = Object.fromEntries([...form].filter(([, value]) => typeof value === 'string')) as Draft;
  return { draft, sent };
}

/** What Chatwoot tells of other things, and what nobody has seen yet. */
export const ODD: readonly unknown[] = [
  'not json',
  [],
  'null',
  {},
  { event: 7 },
  { event: 'contact_created', id: 21 },
  { event: 'webwidget_triggered', source_id: 'x' },
  { event: 'conversation_created', id: 118, status: 'open' },
  { event: 'message_updated', id: 1, message_type: 'outgoing' },
  { event: 'message_created', id: 'x' },
  {
    event: 'conversation_updated',
    id: 118,
    status: 'open',
    changed_attributes: [{ label_list: { current_value: [] } }],
  },
  { event: 'conversation_status_changed', id: 118 },
  { event: 'conversation_danced', id: 118 },
];
