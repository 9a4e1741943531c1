import type { FileRef, WorkspaceId } from '@baton/core';

/** Keeps files of conversations: checked, under an address that nobody can guess. */
export interface Files {
  /** Largest file that is kept, in bytes. */
  readonly limit: number;
  /** Throws `AdapterFailure` `rejected` for a type or size that is not taken; says why. */
  keep(workspace: WorkspaceId, file: { name: string; mime: string; bytes: Uint8Array }, by: string): Promise<FileRef>;
  /** The bytes of a file that is kept; null when it is gone. */
  read(file: FileRef): Promise<Uint8Array | null>;
}
