/** Why the embedded PostgreSQL cannot run; the code is stable, the message is for the operator and says what to do. */
export type EmbeddedProblem =
  | 'unsupported_platform'
  | 'data_folder_in_use'
  | 'data_folder_not_usable'
  | 'other_major_version'
  | 'disk_full'
  | 'did_not_start';

/** The embedded PostgreSQL cannot run. */
export class EmbeddedDatabaseError extends Error {
  override readonly name: string = 'EmbeddedDatabaseError';
  readonly code: EmbeddedProblem;

  constructor(code: EmbeddedProblem, message: string) {
    super(message);
    this.code = code;
  }
}

/** Who holds a data folder. `pid` means something only on `host`, and there only within one container. */
export interface Holder {
  pid: number;
  host: string;
  since: string;
}

/** Another process runs a database on this data folder: two on one would destroy it. */
export class DataFolderInUse extends EmbeddedDatabaseError {
  override readonly name = 'DataFolderInUse';
  readonly holder: Holder | undefined;

  constructor(dataDir: string, holder: Holder | undefined) {
    const who = holder
      ? `process ${holder.pid} on ${holder.host} (since ${holder.since})`
      : 'another process (perhaps in another container)';
    super(
      'data_folder_in_use',
      `The data folder ${dataDir} is in use by ${who}. Stop that process, or give this one its own folder with DATA_DIR. ` +
        'To run several nodes, let them share one PostgreSQL server through DATABASE_URL.',
    );
    this.holder = holder;
  }
}

/** Turns what PostgreSQL printed before it died into a problem that an operator can act on. */
export function explainOutput(what: string, dataDir: string, output: string): EmbeddedDatabaseError {
  const shown = output.trim().split('\n').slice(-12).join('\n');
  const make = (code: EmbeddedProblem, hint: string): EmbeddedDatabaseError =>
    new EmbeddedDatabaseError(code, `${what} failed. ${hint}\n${shown}`);

  if (/No space left on device|ENOSPC|Disk quota exceeded/.test(output)) {
    return make('disk_full', `There is no space left for ${dataDir}: free some, or set DATA_DIR to a larger disk.`);
  }
  if (/database files are incompatible|was initialized by PostgreSQL version/.test(output)) {
    return make('other_major_version', `${dataDir} was written by another version of PostgreSQL.`);
  }
  if (/Permission denied|Read-only file system|wrong ownership|EACCES|EROFS/.test(output)) {
    return make(
      'data_folder_not_usable',
      `This user may not use ${dataDir}: give it the folder, or set DATA_DIR to another.`,
    );
  }
  if (/cannot be run as root/.test(output)) {
    return make(
      'unsupported_platform',
      'PostgreSQL does not run as root here: start Baton as another user, or set DATABASE_URL.',
    );
  }
  return make('did_not_start', 'What it printed:');
}
