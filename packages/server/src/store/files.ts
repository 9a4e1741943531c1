import type { FileId, FileRef, Part, WorkspaceId } from '@baton/core';
import type { Db } from './db.ts';

export interface FileRow {
  id: FileId;
  /** The unguessable part of its address. */
  secret: string;
  name: string;
  mime: string;
  size: number;
  /** Below DATA_DIR/files. */
  path: string;
}

const COLUMNS = 'id, secret, name, mime, size, path';

export async function saveFile(db: Db, workspace: WorkspaceId, file: FileRow & { uploadedBy: string }): Promise<void> {
  await db.query(
    'insert into files (workspace_id, id, secret, uploaded_by, name, mime, size, path) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [workspace, file.id, file.secret, file.uploadedBy, file.name, file.mime, file.size, file.path],
  );
}

export async function findFile(db: Db, secret: string): Promise<FileRow | null> {
  const { rows } = await db.query<FileRow>(`select ${COLUMNS} from files where secret = $1`, [secret]);
  return rows[0] ?? null;
}

export async function findFileById(db: Db, id: FileId): Promise<FileRow | null> {
  const { rows } = await db.query<FileRow>(`select ${COLUMNS} from files where id = $1`, [id]);
  return rows[0] ?? null;
}

/** How much somebody has uploaded within the last hour. */
export async function recentUploads(
  db: Db,
  workspace: WorkspaceId,
  uploadedBy: string,
): Promise<{ count: number; bytes: number }> {
  const { rows } = await db.query<{ count: number; bytes: number }>(
    "select count(*)::int as count, coalesce(sum(size), 0)::float8 as bytes from files where workspace_id = $1 and uploaded_by = $2 and created_at > now() - interval '1 hour'",
    [workspace, uploadedBy],
  );
  return rows[0] as { count: number; bytes: number };
}

/** Where a file is served, below the server's own address. The name at the end is for people only. */
export function fileUrl(base: string, file: Pick<FileRow, 'secret' | 'name'>): string {
  return `${base}/files/${file.secret}/${encodeURIComponent(file.name)}`;
}

/** Parts as people send them: a file is named by the id of its upload. */
export type SentPart = Exclude<Part, { type: 'file' }> | { type: 'file'; file: { id: FileId } };

/**
 * Parts as they are kept: each file with its name, size and address. A visitor may say only what he uploaded himself
 * (`uploadedBy`); null is for staff and servers, who may say any file of the workspace. Gives the ids that are unknown
 * where there are such.
 */
export async function withFiles(
  db: Db,
  workspace: WorkspaceId,
  parts: readonly SentPart[],
  from: { base: string; uploadedBy: string | null },
): Promise<{ parts: Part[] } | { unknown: string[] }> {
  const ids = parts.flatMap((part) => (part.type === 'file' ? [part.file.id] : []));
  if (ids.length === 0) return { parts: parts as Part[] };
  const { rows } = await db.query<FileRow>(
    `select ${COLUMNS} from files where workspace_id = $1 and id = any ($2) and ($3::text is null or uploaded_by = $3)`,
    [workspace, ids, from.uploadedBy],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const unknown = ids.filter((id) => !found.has(id));
  if (unknown.length > 0) return { unknown };
  return {
    parts: parts.map((part): Part => {
      if (part.type !== 'file') return part;
      const row = found.get(part.file.id) as FileRow;
      const file: FileRef = {
        id: row.id,
        name: row.name,
        mime: row.mime,
        size: row.size,
        url: fileUrl(from.base, row),
      };
      return { type: 'file', file };
    }),
  };
}

/** What these customers uploaded, and what was said to them in these conversations. */
export async function filesHeldOf(
  db: Db,
  workspace: WorkspaceId,
  customers: readonly string[],
  conversations: readonly string[],
): Promise<(FileRow & { createdAt: Date })[]> {
  const { rows } = await db.query<FileRow & { createdAt: Date }>(
    `select ${COLUMNS}, created_at as "createdAt" from files
      where workspace_id = $1 and (uploaded_by = any ($2) or id in (
        select part -> 'file' ->> 'id' from events e, json_array_elements(e.event -> 'message' -> 'parts') part
         where e.conversation_id = any ($3) and e.type = 'message'))
      order by created_at`,
    [workspace, customers, conversations],
  );
  return rows;
}
