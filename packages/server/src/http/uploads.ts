import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cleanText, type FileRef, type WorkspaceId } from '@baton/core';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { type FileRow, fileUrl, recentUploads, saveFile } from '#store/files.ts';
import { newToken } from '#store/secrets.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem } from './problems.ts';

/** Largest file. */
export const FILE_BYTES = 10_000_000;
export const FILES_PER_MESSAGE = 5;
/** What a visitor may upload within an hour. Staff and servers are trusted. */
const VISITOR_FILES = 30;
const VISITOR_BYTES = 100_000_000;

/** Pictures that browsers may show in place; everything else is offered for saving. */
export const SHOWN_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** Nothing that a browser would run: no HTML, no SVG, no scripts. */
export const FILE_TYPES: ReadonlySet<string> = new Set([
  ...SHOWN_TYPES,
  'image/heic',
  'application/pdf',
  'text/plain',
  'text/csv',
  'application/json',
  'application/zip',
  'application/rtf',
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'audio/webm',
  'video/mp4',
  'video/webm',
  'video/quicktime',
]);

/** First bytes of what is shown in place: a page must not come as a picture. */
const MAGIC: readonly [mime: string, at: number, bytes: string][] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
];

export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}

/**
 * Takes one file of a multipart request: checks kind and size, keeps it under DATA_DIR/files under a name that nobody can
 * guess. `visitor` limits how much one person may send within an hour.
 */
export async function takeUpload(
  deps: HttpDeps,
  request: FastifyRequest,
  from: { workspace: WorkspaceId; uploadedBy: string; visitor: boolean },
): Promise<FileRef> {
  if (!request.isMultipart())
    throw new HttpProblem('media_type', 'Send the file as multipart/form-data, in a field named `file`.');
  if (from.visitor) await assertMayUpload(deps, from);
  const part = await request.file({ limits: { fileSize: FILE_BYTES, files: 1, fields: 5, parts: 6 } });
  if (!part)
    throw new HttpProblem(
      'invalid',
      'There is no file in the request. Send it as multipart/form-data, in a field named `file`.',
    );
  const mime = part.mimetype.toLowerCase();
  if (!FILE_TYPES.has(mime))
    throw new HttpProblem(
      'file_type',
      `Files of the type ${mime} are not taken. Pictures, PDF, text, office documents, zip, sound and video are.`,
    );
  const secret = newToken();
  const path = join(secret.slice(0, 2), secret);
  const size = await keep(deps, part, path, mime);
  const file: FileRow = { id: deps.newId('fil'), secret, name: nameOf(part.filename), mime, size, path };
  await saveFile(deps.pool, from.workspace, { ...file, uploadedBy: from.uploadedBy });
  return { id: file.id, name: file.name, mime, size, url: fileUrl(deps.settings.publicUrl, file) };
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

/** Writes beside and renames: a file is whole or not there. Gives its size in bytes. */
async function keep(deps: HttpDeps, part: MultipartFile, path: string, mime: string): Promise<number> {
  const target = join(filesFolder(deps.settings.dataDir), path);
  const draft = `${target}.part`;
  await mkdir(join(target, '..'), { recursive: true });
  try {
    await pipeline(part.file, createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
    if (part.file.truncated)
      throw new HttpProblem('file_too_large', `A file has at most ${FILE_BYTES / 1_000_000} MB.`);
    if (part.file.bytesRead === 0) throw new HttpProblem('invalid', 'The file is empty.');
    if (SHOWN_TYPES.has(mime) && !(await looksLike(draft, mime)))
      throw new HttpProblem('file_type', `This file says that it is ${mime}, and is something else.`);
    await rename(draft, target);
    return part.file.bytesRead;
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function looksLike(path: string, mime: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    return MAGIC.some(([known, at, bytes]) => known === mime && head.startsWith(bytes, at));
  } finally {
    await file.close();
  }
}

/** A name that is safe to show and to save: no folders, no control characters, at most 200 characters with its ending. */
export function nameOf(given: string | undefined): string {
  const plain = cleanText(given ?? '')
    .replace(/^.*[/\\]/, '')
    .replace(/\p{Cc}/gu, '')
    .trim();
  const ending = extname(plain).slice(0, 20);
  const stem = plain.slice(0, plain.length - extname(plain).length).slice(0, 180);
  return stem === '' ? `file${ending}` : stem + ending;
}
