import type { ConversationId, Part, WorkspaceId } from '@baton/core';
import type { Desk, RemoteFile } from '#ports/desk.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { World } from '#ports/world.ts';

/**
 * Brings a file of an outside desk home: fetched, checked, kept by us. What cannot be brought is said in its place, so that
 * the customer knows that there was something. What may come right by itself is thrown, unless this is the last try.
 */
export async function bringFile(
  deps: { files: Files; world: World },
  workspace: WorkspaceId,
  conversation: ConversationId,
  desk: Desk,
  file: RemoteFile,
  lastTry: boolean,
): Promise<Part> {
  const { files, world } = deps;
  try {
    const { bytes, mime } = await desk.fetchFile(file, files.limit);
    const kept = await files.keep(workspace, { name: file.name, mime: file.mime ?? mime, bytes }, `desk:${desk.id}`);
    return { type: 'file', file: kept };
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error;
    const passes = error.kind === 'retry' || error.kind === 'uncertain';
    if (passes && !lastTry) throw error;
    world.log.warn({ conversation, desk: desk.id, why: error.message }, 'a file of a desk could not be brought over');
    return { type: 'text', text: `[${file.name}: this file could not be brought over]` };
  }
}
