import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cleanText, type FileRef, type NewId, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import { type FileRow, fileUrl, findFileById, saveFile } from './files.ts';
import { newToken } from './secrets.ts';

/** Largest file. */
export const FILE_BYTES = 10_000_000;

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

/** What a file is by its ending, where the sender only says "bytes". */
const BY_ENDING: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.heic': 'image/heic',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.zip': 'application/zip',
  '.rtf': 'application/rtf',
  '.doc': 'application/msword',
  '.xls': 'application/vnd.ms-excel',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  '.mp3': 'audio/mpeg',
  '.m4a': 'audio/mp4',
  '.ogg': 'audio/ogg',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mov': 'video/quicktime',
};

/** The file is not taken, and nothing of it is left. The message is for the sender. */
export class FileRefused extends Error {
  readonly code: 'file_type' | 'file_too_large' | 'invalid';

  constructor(code: FileRefused['code'], message: string) {
    super(message);
    this.name = 'FileRefused';
    this.code = code;
  }
}

export interface FileRoom {
  pool: Pool;
  dataDir: string;
  newId: NewId;
  /** How the world reaches this server, without a slash at the end. May be a getter. */
  readonly publicUrl: string;
}

export interface GivenFile {
  name: string | undefined;
  mime: string;
  content: Readable;
  /** A customer, an agent, a key, a desk. */
  by: string;
}

export function filesFolder(dataDir: string): string {
  return join(dataDir, 'files');
}

/**
 * Keeps a file under DATA_DIR/files under a name that nobody can guess, whoever it comes from: a visitor, an agent, a desk. Kind,
 * size and first bytes are checked. Throws `FileRefused`.
 */
export async function keepFile(room: FileRoom, workspace: WorkspaceId, given: GivenFile): Promise<FileRef> {
  const name = nameOf(given.name);
  const mime = typeOf(given.mime, name);
  if (!FILE_TYPES.has(mime)) {
    throw new FileRefused(
      'file_type',
      `Files of the type ${mime} are not taken. Pictures, PDF, text, office documents, zip, sound and video are.`,
    );
  }
  const secret = newToken();
  const path = join(secret.slice(0, 2), secret);
  const size = await write(join(filesFolder(room.dataDir), path), given.content, mime);
  const file: FileRow = { id: room.newId('fil'), secret, name, mime, size, path };
  await saveFile(room.pool, workspace, { ...file, uploadedBy: given.by });
  return { id: file.id, name, mime, size, url: fileUrl(room.publicUrl, file) };
}

/** The same room as adapters know it. */
export function filesOf(room: FileRoom): Files {
  return {
    limit: FILE_BYTES,
    async keep(workspace, { name, mime, bytes }, by) {
      try {
        // One piece: an array as a stream would give byte after byte.
        return await keepFile(room, workspace, { name, mime, content: Readable.from([bytes]), by });
      } catch (error) {
        if (error instanceof FileRefused) throw new AdapterFailure('rejected', error.message);
        throw error;
      }
    },
    async read({ id }) {
      const row = await findFileById(room.pool, id);
      return row && (await readFile(join(filesFolder(room.dataDir), row.path)).catch(() => null));
    },
  };
}

/** Writes beside and renames: a file is whole or not there. Gives its size in bytes. */
async function write(target: string, content: Readable, mime: string): Promise<number> {
  const draft = `${target}.part`;
  await mkdir(join(target, '..'), { recursive: true });
  const counted = counter();
  try {
    await pipeline(content, counted.stream, createWriteStream(draft, { flags: 'wx', mode: 0o600 }));
    if (counted.bytes() === 0) throw new FileRefused('invalid', 'The file is empty.');
    if (SHOWN_TYPES.has(mime) && !(await looksLike(draft, mime)))
      throw new FileRefused('file_type', `This file says that it is ${mime}, and is something else.`);
    await rename(draft, target);
    return counted.bytes();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Lets through what is allowed and not a byte more. */
function counter(): { stream: Transform; bytes(): number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes > FILE_BYTES)
        done(new FileRefused('file_too_large', `A file has at most ${FILE_BYTES / 1_000_000} MB.`));
      else done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
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

/** The type that the sender names; where it names none, by the ending of the name. */
function typeOf(given: string, name: string): string {
  const mime = given.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mime !== '' && mime !== 'application/octet-stream' && mime !== 'binary/octet-stream') return mime;
  return BY_ENDING[extname(name).toLowerCase()] ?? 'application/octet-stream';
}

/** A name that is safe to show and to save: no folders, no control characters, at most 200 characters with its ending. */
export function nameOf(given: string | undefined): string {
  const plain = cleanText(given ?? '')
    .replace(/^.*[/\\]/, '')
    .replace(/\p{Cc}/gu, '')
    .trim();
  const ending = extname(plain).slice(0, 20);
  const stem = plain.slice(0, plain.length - extname(plain).length).slice(0, 180);
  // A cut may have gone through a character of two units, of which no address can be made.
  return (stem === '' ? 'file' : stem).toWellFormed() + ending.toWellFormed();
}
