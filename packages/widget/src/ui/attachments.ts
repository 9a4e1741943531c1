import type { Part, WidgetSession } from '@baton/protocol';
import { useMemo, useRef, useState } from 'preact/hooks';
import { CallRefused } from '#visit/calls.ts';
import { useSurroundings } from './context.ts';
import { sizeOf } from './parts.tsx';

type FileRef = Extract<Part, { type: 'file' }>['file'];

/** A file on its way to the next message. `share` is how much of it is there, 0 to 1. */
export type Attachment = { id: number; name: string } & (
  | { is: 'uploading'; share: number; cancel: () => void }
  | { is: 'ready'; file: FileRef }
  | { is: 'failed'; reason: string }
);

export interface Attachments {
  list: readonly Attachment[];
  add(files: readonly File[]): void;
  remove(id: number): void;
  clear(): void;
}

/** Uploads begin at once, so that sending is quick; what is removed before is never said. */
export function useAttachments(limits: WidgetSession['limits']): Attachments {
  const { visit, words, locale } = useSurroundings();
  const [list, setList] = useState<readonly Attachment[]>([]);
  const next = useRef(1);

  return useMemo(() => {
    const put = (attachment: Attachment) =>
      setList((all) => all.map((one) => (one.id === attachment.id ? attachment : one)));

    const fault = (file: File, index: number): string | null => {
      const { name } = file;
      if (list.length + index >= limits.filesPerMessage)
        return words('tooManyFiles', { count: limits.filesPerMessage });
      if (file.size > limits.fileBytes) return words('fileTooLarge', { name, limit: sizeOf(limits.fileBytes, locale) });
      if (!fits(file.type, limits.mimeTypes)) return words('fileType', { name });
      return null;
    };

    const upload = async (id: number, file: File) => {
      const { name } = file;
      try {
        const going = await visit.upload(file, (share) =>
          put({ id, name, is: 'uploading', share, cancel: going.cancel }),
        );
        put({ id, name, is: 'uploading', share: 0, cancel: going.cancel });
        put({ id, name, is: 'ready', file: await going.done });
      } catch (error) {
        put({
          id,
          name,
          is: 'failed',
          reason: error instanceof CallRefused ? error.message : words('uploadFailed', { name }),
        });
      }
    };

    const add = (files: readonly File[]) => {
      const added = files.map((file, index): Attachment => {
        const [id, reason] = [next.current++, fault(file, index)];
        if (reason !== null) return { id, name: file.name, is: 'failed', reason };
        void upload(id, file);
        return { id, name: file.name, is: 'uploading', share: 0, cancel: () => {} };
      });
      setList((all) => [...all.filter((one) => one.is !== 'failed'), ...added]);
    };

    const remove = (id: number) => {
      for (const one of list) if (one.id === id && one.is === 'uploading') one.cancel();
      setList((all) => all.filter((one) => one.id !== id));
    };

    return { list, add, remove, clear: () => setList([]) };
  }, [list, limits, visit, words, locale]);
}

/** `image/*` stands for all of its kind; an empty list for everything. */
function fits(mime: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0) return true;
  return allowed.some(
    (one) => one === mime || one === '*/*' || (one.endsWith('/*') && mime.startsWith(one.slice(0, -1))),
  );
}
