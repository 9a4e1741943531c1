// PostgreSQL as it comes with Baton, with its real settings, on a small disk of its own where that can be had.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedDatabase, startEmbedded } from '@baton/server/src/store/embedded/start.ts';
import pg from 'pg';
import { familyOf } from '#bench/measure/processes.ts';

/** Room for the log of a run and for PostgreSQL's own, kept small by these settings. */
const DISK_MEGABYTES = 2_000;
const SETTINGS = { max_wal_size: '128MB', min_wal_size: '64MB', max_connections: '200' };
const START_TRIES = 20;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export class Database {
  readonly #folder: string;
  /** Why the disk cannot be filled; null: it can. */
  readonly blocked: string | null;
  #running: EmbeddedDatabase;

  private constructor(folder: string, blocked: string | null, running: EmbeddedDatabase) {
    this.#folder = folder;
    this.blocked = blocked;
    this.#running = running;
  }

  static async start(): Promise<Database> {
    const folder = mkdtempSync(join(tmpdir(), 'baton-chaos-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m,mode=0700`, 'tmpfs', folder]);
    const blocked =
      mounted.status === 0 ? null : `no file system could be mounted: ${String(mounted.stderr ?? 'no mount').trim()}`;
    try {
      const running = await startEmbedded({ dataDir: join(folder, 'data'), log: silent, settings: SETTINGS });
      return new Database(folder, blocked, running);
    } catch (error) {
      if (blocked === null) spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get url(): string {
    return this.#running.connectionString;
  }

  /** Ends PostgreSQL's first process without a word; the others notice and end. */
  kill(): void {
    process.kill(this.#running.pid, 'SIGKILL');
  }

  /** Ends a random one of its backends: PostgreSQL then ends all of them and recovers by itself. */
  killBackend(dice: () => number): void {
    const backends = familyOf(this.#running.pid).slice(1);
    const one = backends[Math.floor(dice() * backends.length)];
    if (one !== undefined) process.kill(one, 'SIGKILL');
  }

  /** Starts it again on the same folder, if it is down. It may take some tries: what is left of it has to end first. */
  async revive(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        if (await this.answers()) return;
        await this.#running.stop();
        this.#running = await startEmbedded({ dataDir: join(this.#folder, 'data'), log: silent, settings: SETTINGS });
      } catch (error) {
        if (tries === START_TRIES) throw error;
        await sleep(500);
      }
    }
  }

  async answers(): Promise<boolean> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 2_000, query_timeout: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Takes the last free byte of its disk; gives it back when called. */
  fillDisk(): () => void {
    const path = join(this.#folder, 'filler');
    const file = openSync(path, 'w');
    const { bavail, bsize } = statfsSync(this.#folder);
    const chunk = Buffer.alloc(1_048_576);
    try {
      for (let left = bavail * bsize; left > 0; left -= chunk.length)
        writeSync(file, chunk, 0, Math.min(chunk.length, left));
    } catch {
      // It is full.
    }
    closeSync(file);
    return () => rmSync(path, { force: true });
  }

  async stop(): Promise<void> {
    await this.#running.stop();
    if (this.blocked === null) spawnSync('umount', [this.#folder]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
