// Makes a clone ready: packages installed, and with --build the widget and the console built.
// Runs before start, test and the other scripts; when nothing has changed it takes some 30 ms and writes nothing.
//
// Plain JavaScript without dependencies: it runs before anything is installed, on whatever Node the machine has
// (20.19 is what we try it on). The scripts after it get Node 24, which is one of the packages that it installs.
//
//   node scripts/ensure.mjs                  packages
//   node scripts/ensure.mjs --build          packages, and bundles whose sources have changed
//   node scripts/ensure.mjs --build --force  packages, and all bundles
import { buildBundles, staleBundles } from './ensure/bundles.mjs';
import { installPackages, nodeProblem, packagesAreCurrent } from './ensure/packages.mjs';
import { inTurn, SetupError } from './ensure/turn.mjs';

const build = process.argv.includes('--build');
const force = process.argv.includes('--force');

const ready = () => packagesAreCurrent() && !(build && staleBundles({ force }).length > 0);

try {
  if (!ready()) {
    await inTurn(async () => {
      // Another process may have done the work while this one waited.
      if (!packagesAreCurrent()) await installPackages();
      if (build) await buildBundles(staleBundles({ force }));
    });
  }
  const problem = nodeProblem();
  if (problem) throw new SetupError(problem);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(`\nbaton: ${error.message}\n`);
  process.exit(1);
}
