import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '@baton/server/test/port.ts';

const MAIN = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url));
export const OWNER = { email: 'owner@chaos.example', password: 'only-for-this-run' } as const;
export const SITE = 'site_chaos';

const START_MS = 90_000;
const STOP_MS = 20_000;
/** A supervisor starts what has ended again, after a moment. */
const AGAIN_MS = 500;
const KEPT_OUTPUT = 4_000_000;

/** One server, the real program, kept alive as a supervisor keeps it. */
export class Node {
  readonly port: number;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #output = '';
  #stopped = false;
  /** Ends that nobody asked for, with the end of what it wrote. */
  readonly crashes: string[] = [];

  private constructor(port: number, folder: string, environment: Readonly<Record<string, string>>) {
    this.port = port;
    this.#folder = folder;
    this.#environment = environment;
  }

  static async start(environment: Readonly<Record<string, string>>): Promise<Node> {
    const node = new Node(await freePort(), mkdtempSync(join(tmpdir(), 'baton-chaos-node-')), environment);
    node.#launch();
    await node.ready();
    return node;
  }

  /** Resolves when it answers that it is ready. */
  async ready(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      const response = await fetch(`http://127.0.0.1:${this.port}/readyz`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => null);
      if (response?.ok) return;
      await sleep(50);
    }
    throw new Error(`A server did not become ready:\n${this.#output.slice(-3_000)}`);
  }

  kill(): void {
    this.#asked = true;
    this.#child?.kill('SIGKILL');
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #asked = false;

  #launch(): void {
    this.#asked = false;
    const child = spawn(process.execPath, [MAIN], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(this.port),
        DATA_DIR: this.#folder,
        LOG_LEVEL: 'warn',
        RATE_LIMITS: 'off',
        BATON_DEMO: 'false',
        BATON_OWNER_EMAIL: OWNER.email,
        BATON_OWNER_PASSWORD: OWNER.password,
        BATON_SITE_KEY: SITE,
        SECRET_KEY: 'only for this run, the same on every node of it',
        ...this.#environment,
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT);
      });
    }
    const abandon = () => child.kill('SIGKILL');
    process.once('exit', abandon);
    child.once('exit', (code, signal) => {
      process.off('exit', abandon);
      if (this.#stopped) return;
      if (!this.#asked) this.crashes.push(`ended with ${signal ?? code}: ${this.#output.slice(-2_000)}`);
      setTimeout(() => {
        if (!this.#stopped) this.#launch();
      }, AGAIN_MS);
    });
  }

  /** What it wrote lately, of the lines that name one of these. */
  about(names: readonly string[]): string[] {
    return this.#output.split('\n').filter((line) => names.some((name) => line.includes(name)));
  }

  /** The end of what it wrote. */
  get output(): string {
    return this.#output;
  }
}
