// Installed packages: are they what the lock file says, and if not, `npm ci`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { noteWorker, root, SetupError } from './turn.mjs';

const modules = join(root, 'node_modules');
const stamp = join(modules, '.baton-installed');
const bundledNode = join(modules, '.bin', 'node');
const LEAST_NODE = 24;
const SAY_EVERY_MS = 10_000;

/** True when node_modules holds what the lock file asks for on this platform. */
export function packagesAreCurrent() {
  const key = installKey();
  try {
    if (readFileSync(stamp, 'utf8') === key) return true;
  } catch {
    // no stamp: perhaps installed by hand
  }
  if (!matchesLock()) return false;
  writeStamp(key);
  return true;
}

/** Runs `npm ci`, shows that it is alive, and explains a failure. */
export async function installPackages() {
  console.error('baton: installing packages (the first time takes about a minute) ...');
  const started = Date.now();
  let result = await npmCi(started);
  // Something wrote into node_modules while npm emptied it, an editor or a dev server: once more is enough.
  if (result.code !== 0 && /ENOTEMPTY/.test(result.output)) result = await npmCi(started);
  if (result.code !== 0) throw new SetupError(explain(result));
  removeForeignNode();
  writeStamp(installKey());
  console.error(`baton: packages installed in ${seconds(started)}`);
}

/** Why the scripts cannot run on the Node that they would get, or undefined when they can. */
export function nodeProblem() {
  if (existsSync(bundledNode)) return undefined;
  if (Number(process.versions.node.split('.')[0]) >= LEAST_NODE) return undefined;
  return (
    `Baton runs on Node ${LEAST_NODE} or newer, and this is ${process.version}.\n` +
    `The packages bring Node ${LEAST_NODE} along for Linux with glibc and for macOS; for ${process.platform} ` +
    `${process.arch} here they could not. Please install Node ${LEAST_NODE}.`
  );
}

// Node's version is left out on purpose: the first run is on the machine's Node, the next on the one just
// installed, and no package is compiled for one version (all binaries use Node-API or stand alone).
function installKey() {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  hash.update(`${process.platform} ${process.arch} ${omitsDev() ? 'runtime' : 'all'}`);
  return hash.digest('hex');
}

function omitsDev() {
  return process.env.NODE_ENV === 'production';
}

/** Compares with npm's own record, so that an `npm install` by hand is not done again. */
function matchesLock() {
  let have;
  try {
    have = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  for (const [where, entry] of Object.entries(want)) {
    if (!where.includes('node_modules/')) continue;
    const there = have[where];
    if (there) {
      if (there.integrity !== entry.integrity || !fits(entry)) return false;
      continue;
    }
    // An optional package without a platform is one that only a package of another platform needs.
    const foreign = entry.optional && (!fits(entry) || !(entry.os || entry.cpu));
    if (!foreign && !entry.peer && !((entry.dev || entry.devOptional) && omitsDev())) return false;
  }
  return true;
}

/** Whether a package is for this operating system, processor and C library. */
function fits(entry) {
  const listed = (field, value) => {
    if (!field) return true;
    const list = [field].flat();
    return list.includes(value) || (list.some((item) => item[0] === '!') && !list.includes(`!${value}`));
  };
  return listed(entry.os, process.platform) && listed(entry.cpu, process.arch) && listed(entry.libc, libc());
}

let knownLibc;
function libc() {
  if (knownLibc === undefined) {
    const glibc = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime;
    knownLibc = glibc ? 'glibc' : process.platform === 'linux' ? 'musl' : 'none';
  }
  return knownLibc;
}

function writeStamp(key) {
  try {
    writeFileSync(stamp, key);
  } catch {
    // A clone of somebody else, or read-only: the slow comparison (10 ms) serves too.
  }
}

/** @returns {Promise<{ code: number | null, output: string }>} */
function npmCi(started) {
  const { command, args } = npm();
  const child = spawn(command, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: npmEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  noteWorker(child.pid);
  // npm must not go on in the background when this process is told to stop.
  const end = () => child.kill();
  process.once('exit', end);
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  const saying = setInterval(() => console.error(`baton: still installing (${seconds(started)})`), SAY_EVERY_MS);
  return new Promise((resolve) => {
    const done = (code, extra = '') => {
      clearInterval(saying);
      process.off('exit', end);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + extra });
    };
    child.on('error', (error) => done(1, String(error)));
    child.on('close', (code) => done(code));
  });
}

/** npm from the machine, not run by the Node inside node_modules: `npm ci` is about to delete that one. */
function npm() {
  const fromPath = spawnSync('npm', ['--version'], { env: npmEnvironment(), cwd: root, stdio: 'ignore' });
  if (fromPath.status === 0) return { command: 'npm', args: [] };
  if (process.env.npm_execpath) return { command: process.execPath, args: [process.env.npm_execpath] };
  throw new SetupError('npm was not found. Install Node with npm (version 10 or newer).');
}

function npmEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(modules));
  const env = { ...process.env, PATH: path.join(delimiter) };
  // A service user often has no home, or one that it may not write to; npm needs a cache and a log folder.
  if (!writable(process.env.npm_config_cache) && !writable(safeHome())) {
    env.npm_config_cache = join(tmpdir(), `baton-npm-${process.getuid?.() ?? 'cache'}`);
    env.npm_config_userconfig = join(env.npm_config_cache, 'npmrc');
    env.HOME = env.npm_config_cache;
    mkdirSync(env.npm_config_cache, { recursive: true, mode: 0o700 });
  }
  return env;
}

function safeHome() {
  try {
    return process.env.HOME || homedir();
  } catch {
    return undefined;
  }
}

function writable(folder) {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** With musl (Alpine) npm installs the glibc Node, since it only looks at system and processor; it would shadow the real one. */
function removeForeignNode() {
  if (existsSync(bundledNode) && spawnSync(bundledNode, ['--version']).status !== 0)
    rmSync(bundledNode, { force: true });
}

function explain({ code, output }) {
  const why = [
    [/ENOSPC/, 'The disk is full.'],
    [/EACCES|EPERM|EROFS/, `This user may not write to ${root}.`],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH/,
      'The npm registry could not be reached. Check the network, or `npm config get registry`.',
    ],
    [/E401|E403/, 'The npm registry refused. Check the login and the rights of its user.'],
    [/ETARGET|E404/, 'The npm registry does not have a version that the lock file names.'],
    [
      /in sync|from lock file/,
      'package-lock.json does not fit package.json. Run `npm install`, then `npm run check:lock`.',
    ],
    [/EINTEGRITY/, 'A package differs from what the lock file recorded. Do not go on; look at which one.'],
  ].find(([sign]) => sign.test(output))?.[1];
  return `\`npm ci\` failed (code ${code}). ${why ?? ''}\n\n${output.trim().split('\n').slice(-30).join('\n')}`;
}

function seconds(since) {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}
