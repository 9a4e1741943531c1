import type { FileRef, WorkspaceId } from '@baton/core';
import type { FastifyRequest } from 'fastify';
import { recentUploads } from '#store/files.ts';
import { FILE_BYTES, FileRefused, keepFile } from '#store/keep-file.ts';
import type { HttpDeps } from './deps.ts';
import { assertRate, HttpProblem } from './problems.ts';

export const FILES_PER_MESSAGE = 5;
/** What a visitor may upload within an hour. Staff and servers are trusted. */
const VISITOR_FILES = 30;
const VISITOR_BYTES = 100_000_000;

/**
 * Takes one file of a multipart request and keeps it. `visitor` limits how much one person may send within an hour.
 */
export async function takeUpload(
  deps: HttpDeps,
  request: FastifyRequest,
  from: { workspace: WorkspaceId; uploadedBy: string; visitor: boolean },
): Promise<FileRef> {
  if (!request.isMultipart())
    throw new HttpProblem('media_type', 'Send the file as multipart/form-data, in a field named `file`.');
  if (from.visitor) {
    assertRate(deps.limits.upload(request.ip), 'uploads from this address');
    await assertMayUpload(deps, from);
  }
  // One byte more than is kept: then it is seen that it is too large.
  const part = await request.file({ limits: { fileSize: FILE_BYTES + 1, files: 1, fields: 5, parts: 6 } });
  if (!part)
    throw new HttpProblem(
      'invalid',
      'There is no file in the request. Send it as multipart/form-data, in a field named `file`.',
    );
  try {
    const { pool, newId, settings } = deps;
    const { dataDir, publicUrl } = settings;
    const kept = await keepFile({ pool, newId, dataDir, publicUrl }, from.workspace, {
      name: part.filename,
      mime: part.mimetype,
      content: part.file,
      by: from.uploadedBy,
    });
    if (from.visitor) deps.limits.uploaded(request.ip, kept.size);
    return kept;
  } catch (error) {
    if (error instanceof FileRefused) throw new HttpProblem(error.code, error.message);
    throw error;
  }
}

async function assertMayUpload(
  deps: HttpDeps,
  { workspace, uploadedBy }: { workspace: WorkspaceId; uploadedBy: string },
): Promise<void> {
  const { count, bytes } = await recentUploads(deps.pool, workspace, uploadedBy);
  if (count < VISITOR_FILES && bytes < VISITOR_BYTES) return;
  throw new HttpProblem(
    'too_many_requests',
    `At most ${VISITOR_FILES} files and ${VISITOR_BYTES / 1_000_000} MB an hour.`,
    { retryAfterSeconds: 600 },
  );
}
