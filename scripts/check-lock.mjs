// Fails when package-lock.json would break `npm ci` on another platform or behind another registry.
//
// Why: when a registry lacks the newest binary package of one platform, `npm install` drops it from the lock
// without a word, and `npm ci` on a fresh clone then fails ("Missing: ... from lock file").
// Plain JavaScript without dependencies: it must run before anything is installed, on Node 20.19.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Problems of one parsed lock file, as sentences for people. An empty list means it is sound.
 * @param {{ packages: Record<string, any> }} lock
 * @returns {string[]}
 */
export function problemsOf(lock) {
  const problems = [];
  for (const [where, entry] of Object.entries(lock.packages)) {
    const ours = !where.includes('node_modules/');
    const wanted = { ...entry.dependencies, ...entry.optionalDependencies, ...(ours && entry.devDependencies) };
    if (!entry.link) {
      for (const name of Object.keys(wanted)) {
        if (!resolves(lock.packages, where, name)) {
          problems.push(`${where || 'the root'} needs ${name}@${wanted[name]}, which the lock does not hold`);
        }
      }
    }
    if (typeof entry.resolved === 'string' && /^[a-z+]+:\/\//.test(entry.resolved)) {
      problems.push(`${where} names a download address (${new URL(entry.resolved).host}); see .npmrc`);
    }
    const installed = where.includes('node_modules/') && !entry.link && !entry.inBundle;
    if (installed && !entry.integrity) problems.push(`${where} has no integrity hash`);
  }
  return problems;
}

/** Node's own search: the folder itself, then each parent. */
function resolves(packages, from, name) {
  for (let at = from; ; at = parentOf(at)) {
    if (packages[at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`]) return true;
    if (at === '') return false;
  }
}

function parentOf(where) {
  const nested = where.lastIndexOf('/node_modules/');
  return nested === -1 ? '' : where.slice(0, nested);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? fileURLToPath(new URL('../package-lock.json', import.meta.url));
  const problems = problemsOf(JSON.parse(readFileSync(path, 'utf8')));
  for (const problem of problems) console.error(`package-lock.json: ${problem}`);
  if (problems.length > 0) {
    console.error('Pin versions of which every platform package can be had, delete the lock, and run `npm install`.');
    process.exit(1);
  }
  console.log('package-lock.json is complete for every platform and names no host');
}
