// Bundles for browsers: built with Vite when their sources have changed since the last build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { root, SetupError } from './turn.mjs';

const BUNDLES = ['widget', 'console'];
/** What is bundled into each of them too. */
const SHARED = ['packages/sdk', 'packages/protocol'];
const NOT_SOURCES = new Set(['node_modules', 'dist', 'dist.next', 'dist.old']);

/**
 * The bundles that have to be built. A package without a Vite configuration has nothing to build.
 * @param {{ force?: boolean }} options
 * @returns {string[]}
 */
export function staleBundles({ force = false } = {}) {
  return BUNDLES.filter((name) => {
    if (configsOf(name).length === 0) return false;
    if (force) return true;
    try {
      return readFileSync(stampOf(name, 'dist'), 'utf8') !== sourcesKey(name);
    } catch {
      return true;
    }
  });
}

/**
 * Builds each into `dist.next` and then swaps folders, so that a running server never serves half a build.
 * Further configurations (`vite.loader.config.ts`) are built after `vite.config.ts` into the same folder.
 * @param {string[]} names
 */
export async function buildBundles(names) {
  for (const name of names) {
    const started = Date.now();
    const home = join(root, 'packages', name);
    const next = join(home, 'dist.next');
    const key = sourcesKey(name);
    rmSync(next, { recursive: true, force: true });
    for (const config of configsOf(name)) vite(name, home, config);
    if (!existsSync(next))
      throw new SetupError(`The ${name} was built, but not into the folder it was given (--outDir).`);
    compress(next);
    writeFileSync(stampOf(name, 'dist.next'), key);
    const old = join(home, 'dist.old');
    rmSync(old, { recursive: true, force: true });
    if (existsSync(join(home, 'dist'))) renameSync(join(home, 'dist'), old);
    renameSync(next, join(home, 'dist'));
    rmSync(old, { recursive: true, force: true });
    console.error(`baton: ${name} built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
}

/** Texts are sent compressed: done here once and not with each answer. The server takes what lies beside a file. */
function compress(folder) {
  for (const path of filesIn(folder)) {
    if (!/\.(js|css|html|svg|json)$/.test(path)) continue;
    const text = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(text, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(text));
  }
}

function vite(name, home, config) {
  const bin = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(bin))
    throw new SetupError(
      `The ${name} must be built, and Vite is not installed. Run \`npm ci --include=dev && npm run build\`.`,
    );
  const bundledNode = join(root, 'node_modules', '.bin', 'node');
  const node = existsSync(bundledNode) ? bundledNode : process.execPath;
  const run = spawnSync(
    node,
    [bin, 'build', '--config', config, '--outDir', 'dist.next', '--emptyOutDir', 'false', '--logLevel', 'warn'],
    {
      cwd: home,
      env: { ...process.env, NODE_ENV: 'production' },
      encoding: 'utf8',
    },
  );
  if (run.status !== 0)
    throw new SetupError(`Building the ${name} failed (${config}):\n\n${run.stdout}${run.stderr}${run.error ?? ''}`);
  if (run.stderr.trim()) console.error(run.stderr.trim());
}

function configsOf(name) {
  const home = join(root, 'packages', name);
  if (!existsSync(home)) return [];
  const configs = readdirSync(home).filter((file) => /^vite(\..+)?\.config\.(ts|js|mjs)$/.test(file));
  // vite.config.ts first, the others by name
  return configs.sort((a, b) => a.split('.').length - b.split('.').length || a.localeCompare(b));
}

function stampOf(name, folder) {
  return join(root, 'packages', name, folder, '.sources');
}

/** A hash of names and contents. Times do not count: git sets them anew with every checkout. */
function sourcesKey(name) {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'package-lock.json')));
  for (const folder of [`packages/${name}`, ...SHARED.map((shared) => `${shared}/src`)]) {
    for (const file of filesIn(join(root, folder))) {
      hash.update(`${relative(root, file)}\0`);
      hash.update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}

function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (NOT_SOURCES.has(entry.name) || /\.test\.tsx?$/.test(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}
