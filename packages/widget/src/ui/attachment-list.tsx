import type { Attachments } from './attachments.ts';
import { useSurroundings } from './context.ts';
import { CloseIcon, FileIcon, WarnIcon } from './icons.tsx';

/** The files that go with the next message, above the text. */
export function AttachmentList({ attachments }: { attachments: Attachments }) {
  const { words } = useSurroundings();
  if (attachments.list.length === 0) return null;
  return (
    <ul class="attachments">
      {attachments.list.map((one) => (
        <li key={one.id} class={one.is}>
          {one.is === 'failed' ? <WarnIcon /> : <FileIcon />}
          <span class="file-name" dir="auto" role={one.is === 'failed' ? 'alert' : undefined}>
            {one.is === 'failed' ? one.reason : one.name}
          </span>
          {one.is === 'uploading' && (
            <progress max={1} value={one.share} aria-label={words('uploading', { name: one.name })} />
          )}
          {one.is === 'failed' && one.again && (
            <button type="button" class="quiet" onClick={one.again}>
              {words('again')}
            </button>
          )}
          <button
            type="button"
            class="icon small"
            aria-label={words('remove', { name: one.name })}
            onClick={() => attachments.remove(one.id)}
          >
            <CloseIcon size={16} />
          </button>
        </li>
      ))}
    </ul>
  );
}
