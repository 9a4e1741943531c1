import type { ConversationId, Part, WorkspaceId } from '@baton/core';
import type { Desk, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { World } from '#ports/world.ts';

/** One file must not hold up what the agent said for longer. */
const FETCH_MS = 20_000;

/**
 * Brings a file of an outside desk home: fetched with the desk's credentials or through the guarded egress, checked, kept
 * by us. What cannot be brought is said in its place, so that the customer knows that there was something.
 */
export async function bringFile(
  deps: { files: Files; world: World },
  workspace: WorkspaceId,
  conversation: ConversationId,
  desk: Desk,
  file: RemoteFile,
): Promise<Part> {
  const { files, world } = deps;
  try {
    const { bytes, mime } = desk.fetchFile
      ? await desk.fetchFile(file, files.limit)
      : await fetchPlain(world, file, files.limit);
    const kept = await files.keep(workspace, { name: file.name, mime: file.mime ?? mime, bytes }, `desk:${desk.id}`);
    return { type: 'file', file: kept };
  } catch (error) {
    // What may come right by itself is tried again with the whole event; the rest is said.
    if (error instanceof AdapterFailure && (error.kind === 'retry' || error.kind === 'uncertain')) throw error;
    const why = error instanceof AdapterFailure ? error.message : 'it could not be fetched';
    world.log.warn({ conversation, desk: desk.id, why }, 'a file of a desk could not be brought over');
    return { type: 'text', text: `[${file.name}: this file could not be brought over]` };
  }
}

async function fetchPlain(world: World, file: RemoteFile, limit: number): Promise<{ bytes: Uint8Array; mime: string }> {
  const response = await world.fetch(file.url, { signal: AbortSignal.timeout(FETCH_MS), redirect: 'error' });
  if (!response.ok)
    throw new AdapterFailure(
      response.status >= 500 || response.status === 429 ? 'retry' : 'rejected',
      `the file's address answered ${response.status}`,
    );
  const length = Number(response.headers.get('content-length') ?? 0);
  if (length > limit) throw new AdapterFailure('rejected', `it is larger than ${limit} bytes`);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of response.body ?? []) {
    size += piece.byteLength;
    if (size > limit) throw new AdapterFailure('rejected', `it is larger than ${limit} bytes`);
    pieces.push(piece);
  }
  return {
    bytes: Buffer.concat(pieces),
    mime: (response.headers.get('content-type') ?? 'application/octet-stream').split(';')[0] ?? '',
  };
}
