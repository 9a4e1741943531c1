import type { ConversationEvent } from '@baton/protocol';
import { useCallback, useState } from 'react';
import { sayError } from '#data/api.ts';
import { useConsole } from '#data/use.ts';

type Uploaded = Extract<
  Extract<ConversationEvent, { type: 'message' }>['message']['parts'][number],
  { type: 'file' }
>['file'];

export type Attachment = { key: string; name: string; size: number } & (
  | { state: 'uploading' }
  | { state: 'done'; file: Uploaded }
  | { state: 'failed'; message: string }
);

/** Files of a message that is being written: uploaded at once, sent by their ids. */
export function useAttachments() {
  const { call } = useConsole();
  const [all, setAll] = useState<Attachment[]>([]);

  const settle = useCallback(
    (key: string, change: { state: 'done'; file: Uploaded } | { state: 'failed'; message: string }) => {
      setAll((before) =>
        before.map((one) => (one.key === key ? { key, name: one.name, size: one.size, ...change } : one)),
      );
    },
    [],
  );
  const add = useCallback(
    (files: File[]) => {
      for (const file of files) {
        const key = crypto.randomUUID();
        setAll((before) => [...before, { key, name: file.name, size: file.size, state: 'uploading' }]);
        const body = new FormData();
        body.append('file', file);
        call<Uploaded>('POST', '/v1/files', { body })
          .then((uploaded) => settle(key, { state: 'done', file: uploaded }))
          .catch((error) => settle(key, { state: 'failed', message: sayError(error) }));
      }
    },
    [call, settle],
  );
  const remove = useCallback((key: string) => setAll((before) => before.filter((one) => one.key !== key)), []);
  const clear = useCallback(() => setAll([]), []);

  return {
    all,
    add,
    remove,
    clear,
    busy: all.some((one) => one.state === 'uploading'),
    done: all.flatMap((one) => (one.state === 'done' ? [one.file] : [])),
  };
}
