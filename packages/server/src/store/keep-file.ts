import { createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cleanText, type FileRef, type NewId, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import { FILE_TYPES, looksLike, namedAs, typeOf } from './file-types.ts';
import { type FileRow, fileUrl, findFileById, saveFile } from './files.ts';
import { newToken } from './secrets.ts';

/** Largest file. */
export const FILE_BYTES = 10_000_000;

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
  const plain = nameOf(given.name);
  const mime = typeOf(given.mime, plain);
  if (!FILE_TYPES.has(mime)) {
    throw new FileRefused(
      'file_type',
      `Files of the type ${mime} are not taken. Pictures, PDF, text, office documents, zip, sound and video are.`,
    );
  }
  const name = namedAs(mime, plain);
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
    if (!looksLike(mime, await headOf(draft)))
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

async function headOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await file.close();
  }
}

/** Control characters, and those that turn the writing round, by which `exe.png` is shown as `gnp.exe`. */
const UNSEEN = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** A name that is safe to show and to save: no folders, no control characters, at most 200 characters with its ending. */
export function nameOf(given: string | undefined): string {
  const plain = cleanText(given ?? '')
    .replace(/^.*[/\\]/, '')
    .replace(UNSEEN, '')
    .trim();
  const ending = extname(plain).slice(0, 20);
  const stem = plain.slice(0, plain.length - extname(plain).length).slice(0, 180);
  // A cut may have gone through a character of two units, of which no address can be made.
  return (stem === '' ? 'file' : stem).toWellFormed() + ending.toWellFormed();
}
