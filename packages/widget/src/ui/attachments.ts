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
  /** `again`: it may be tried again as it is. */
  | { is: 'failed'; reason: string; again?: () => void }
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

    const wrong = (key: 'fileTooLarge' | 'fileType', name: string) =>
      words(key, { name, limit: sizeOf(limits.fileBytes, locale) });
    const fault = (file: File, index: number): string | null => {
      if (list.filter(counts).length + index >= limits.filesPerMessage)
        return words('tooManyFiles', { count: limits.filesPerMessage });
      if (file.size > limits.fileBytes) return wrong('fileTooLarge', file.name);
      return fits(file.type, limits.mimeTypes) ? null : wrong('fileType', file.name);
    };
    /** What the server said, in the visitor's language where it is the file's fault. */
    const refusal = ({ code, message }: CallRefused, name: string) =>
      code === 'file_too_large'
        ? wrong('fileTooLarge', name)
        : code === 'file_type'
          ? wrong('fileType', name)
          : message;

    const upload = async (id: number, file: File) => {
      const { name } = file;
      put({ id, name, is: 'uploading', share: 0, cancel: () => {} });
      try {
        const going = await visit.upload(file, (share) =>
          put({ id, name, is: 'uploading', share, cancel: going.cancel }),
        );
        put({ id, name, is: 'uploading', share: 0, cancel: going.cancel });
        put({ id, name, is: 'ready', file: await going.done });
      } catch (error) {
        put(
          error instanceof CallRefused && error.final
            ? { id, name, is: 'failed', reason: refusal(error, name) }
            : { id, name, is: 'failed', reason: words('uploadFailed', { name }), again: () => void upload(id, file) },
        );
      }
    };

    const add = (files: readonly File[]) => {
      const added = files.map((file, index): Attachment => {
        const [id, { name }, reason] = [next.current++, file, fault(file, index)];
        if (reason !== null) return { id, name, is: 'failed', reason };
        return { id, name, is: 'uploading', share: 0, cancel: () => {} };
      });
      setList((all) => [...all.filter(counts), ...added]);
      for (const [index, { id, is }] of added.entries()) if (is === 'uploading') void upload(id, files[index] as File);
    };

    const remove = (id: number) => {
      for (const one of list) if (one.id === id && one.is === 'uploading') one.cancel();
      setList((all) => all.filter((one) => one.id !== id));
    };

    // What could not be brought up and may be is not forgotten when the words go out.
    const clear = () => setList((all) => all.filter((one) => one.is === 'failed' && one.again));
    return { list, add, remove, clear };
  }, [list, limits, visit, words, locale]);
}

/** It is to go with the message; what was refused is only told of. */
function counts(one: Attachment): boolean {
  return one.is !== 'failed' || one.again !== undefined;
}

/**
 * `image/*` stands for all of its kind; an empty list for everything. A kind that the browser does not know (HEIC, on most
 * systems) the server tells by the ending.
 */
function fits(mime: string, allowed: readonly string[]): boolean {
  if (allowed.length === 0 || mime === '') return true;
  return allowed.some(
    (one) => one === mime || one === '*/*' || (one.endsWith('/*') && mime.startsWith(one.slice(0, -1))),
  );
}
