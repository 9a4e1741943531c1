// `npm run typecheck`: one tsc run for each kind of global (none, Node, DOM), all problems shown before it fails.
// Not project references: they want composite builds and output folders, and we emit nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Every tsconfig that has something to check. A package that is still empty would be an error to tsc (TS18003). */
function projects(): string[] {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  return ['.', ...packages]
    .flatMap((folder) => ['tsconfig.json', 'tsconfig.test.json'].map((file) => join(folder, file)))
    .filter((file) => existsSync(join(root, file)) && hasSources(dirname(file)));
}

function hasSources(folder: string): boolean {
  const patterns = folder === '.' ? ['scripts/*.ts'] : ['src/**/*.ts', 'src/**/*.tsx'];
  return patterns.some((pattern) => globSync(pattern, { cwd: join(root, folder) }).length > 0);
}

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const failed = projects().filter((project) => {
  const run = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
  return run.status !== 0;
});

if (failed.length > 0) {
  console.error(`typecheck failed: ${failed.map((file) => relative('.', file)).join(', ')}`);
  process.exit(1);
}
