// One set-up at a time in one clone: `npm ci` empties node_modules, so a second one beside it breaks both.
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const lock = join(root, '.baton-setup.lock');

const POLL_MS = 250;
const TOUCH_MS = 5_000;
/** A lock that nobody touched for this long is left over: from a killed process on another host or container. */
const STALE_MS = 60_000;

/** A set-up problem that is for people to solve: the message says how, and no stack is shown. */
export class SetupError extends Error {}

/**
 * Runs `work` while no other process sets up this clone.
 * @param {() => Promise<void>} work
 */
export async function inTurn(work) {
  await take();
  const touching = setInterval(touch, TOUCH_MS);
  const release = () => rmSync(lock, { force: true });
  const stop = (signal) => {
    release();
    process.exit(128 + (signal === 'SIGINT' ? 2 : 15));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    await work();
  } finally {
    clearInterval(touching);
    process.off('SIGINT', stop).off('SIGTERM', stop);
    release();
  }
}

/**
 * Notes the program that does the work: if this process is killed, the program goes on, and the next set-up waits for it.
 * @param {number | undefined} child
 */
export function noteWorker(child) {
  try {
    writeFileSync(lock, content(child));
  } catch {
    // Then a set-up right after a kill may find npm still at work, and says so.
  }
}

function content(child) {
  return JSON.stringify({ pid: process.pid, host: hostname(), child });
}

async function take() {
  let said = false;
  for (;;) {
    try {
      writeFileSync(lock, content(), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw unwritable(error);
    }
    const holder = readHolder();
    if (holder === undefined) continue;
    if (isLeftOver(holder)) {
      rmSync(lock, { force: true });
      continue;
    }
    if (!said) console.error(`baton: another set-up of this folder is under way (process ${holder.pid}), waiting ...`);
    said = true;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

function readHolder() {
  try {
    const { mtimeMs } = statSync(lock);
    const text = readFileSync(lock, 'utf8');
    // Empty for an instant between its creation and its first write.
    return { pid: 0, host: '', ...(text ? JSON.parse(text) : {}), age: Date.now() - mtimeMs };
  } catch {
    return undefined;
  }
}

function isLeftOver(holder) {
  if (holder.host === hostname() && holder.pid !== 0) return !isAlive(holder.pid) && !isAlive(holder.child);
  return holder.age > STALE_MS;
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error.code !== 'ESRCH';
  }
}

function touch() {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // Somebody removed the lock by hand; the work goes on.
  }
}

function unwritable(error) {
  const who = typeof process.getuid === 'function' ? `user ${process.getuid()}` : 'this user';
  return new SetupError(
    `${who} cannot write to ${root} (${error.code}), and it is not set up yet.\n` +
      'Run `npm ci` and `npm run build` once as the owner of the folder, or clone it as this user.',
  );
}
