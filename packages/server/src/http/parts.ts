import type { Part, WorkspaceId } from '@baton/core';
import type { Db } from '#store/db.ts';
import { type SentPart, withFiles } from '#store/files.ts';
import { HttpProblem } from './problems.ts';

/** The parts of a message as they are kept, with the files that they name. */
export async function partsOf(
  db: Db,
  workspace: WorkspaceId,
  parts: readonly SentPart[],
  from: { base: string; uploadedBy: string | null },
): Promise<Part[]> {
  const found = await withFiles(db, workspace, parts, from);
  if ('parts' in found) return found.parts;
  throw new HttpProblem('file_unknown', `There is no file ${found.unknown.join(', ')}. Upload it first, then say it.`);
}
