// How PostgreSQL's programs are started. PostgreSQL refuses to run as root, and a killed Baton must not leave it behind.
import { spawn, spawnSync } from 'node:child_process';

/** nobody and nogroup on every Linux; also what an unmapped user looks like inside a user namespace. */
const NOBODY = 65534;

/** How long a start waits for the last owner's PostgreSQL to let go of the folder. */
const GUARD_SECONDS = 5;
export const GUARD_BUSY_CODE = 75;

/**
 * - `direct`: as the user who runs Baton.
 * - `namespace`: Baton is root. In a user namespace of its own PostgreSQL sees itself as nobody, while its files belong
 *   to root outside: no new user, no change of owner, and a folder under /root with mode 0700 works.
 * - `nobody`: Baton is root where namespaces are forbidden, as in most containers: really as nobody, who must be given
 *   the folder and must be able to reach it.
 */
export type Privileges = 'direct' | 'namespace' | 'nobody';

export interface Launcher {
  privileges: Privileges;
  /** The owner that the files must have, seen from outside. Undefined where the system has no such thing. */
  owner: number | undefined;
  /** The command line that runs a program with these privileges, and ends it (SIGINT) when this process dies. */
  command(program: string, args: readonly string[], guard?: string): [string, string[]];
  env: NodeJS.ProcessEnv;
  /** Whether no PostgreSQL holds the guard; waits for one that is just ending. True where there are no guards. */
  guardIsFree(guard: string): Promise<boolean>;
}

/** The best way on this machine. `privileges` forces one, for tests. */
export function createLauncher(privileges: Privileges = choosePrivileges()): Launcher {
  const guards = process.platform === 'linux' && works('flock', ['--version']);
  const dies = process.platform === 'linux' && works('setpriv', ['--version']);
  const uid = process.getuid?.();
  const flock = ['-w', String(GUARD_SECONDS), '-E', String(GUARD_BUSY_CODE)];
  return {
    privileges,
    owner: privileges === 'nobody' ? NOBODY : uid,
    env: cleanEnvironment(),
    command(program, args, guard) {
      const line = [
        // Held by PostgreSQL and by every process that it forks, since they inherit the open file, and let go by the
        // kernel with the last of them. --no-fork: the process number that we get is PostgreSQL's own.
        ...(guard && guards ? ['flock', '--no-fork', ...flock, guard] : []),
        ...(privileges === 'namespace' ? NAMESPACE : []),
        // After unshare: a change of credentials clears the signal again.
        ...(dies || privileges === 'nobody' ? ['setpriv', '--pdeathsig', 'INT'] : []),
        ...(privileges === 'nobody' ? ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'] : []),
        program,
        ...args,
      ];
      return [line[0] as string, line.slice(1)];
    },
    guardIsFree(guard) {
      if (!guards) return Promise.resolve(true);
      const child = spawn('flock', [...flock, guard, 'true'], { stdio: 'ignore' });
      return new Promise((done) => child.on('close', (code) => done(code !== GUARD_BUSY_CODE)));
    },
  };
}

const NAMESPACE = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

function choosePrivileges(): Privileges {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return 'direct';
  const [unshare, ...args] = NAMESPACE as [string, ...string[]];
  return works(unshare, [...args, 'true']) ? 'namespace' : 'nobody';
}

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

/** No PG* variable of the operator may reach our server, and its messages stay English for `explainOutput`. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  // biome-ignore lint/style/noProcessEnv: where the system's programs are is no setting of ours
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
