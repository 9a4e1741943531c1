// A Chromium for tests. One comes with the packages (Linux x64), so `npm test` needs neither a download nor a set-up.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

/** Where systems keep theirs. Chrome does as well as Chromium. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const ARGUMENTS = [
  '--disable-gpu',
  // Tests run without a network: Chromium must not look for updates, variations or its own services.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--no-pings',
  // The same line breaks on every machine.
  '--font-render-hinting=none',
];

interface Found {
  executablePath: string;
  env: Record<string, string>;
}

/** Starts a browser; close it in `afterAll`. CHROMIUM_PATH chooses another. Throws with what to do when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const { executablePath, env } = find();
  return await chromium.launch({
    executablePath,
    args: ARGUMENTS,
    env: { ...process.env, ...env } as Record<string, string>,
    // Only our own pages are opened, and root or a container cannot have the sandbox.
    chromiumSandbox: false,
  });
}

function find(): Found {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (existsSync(chosen)) return { executablePath: chosen, env: {} };
    throw new Error(`CHROMIUM_PATH names ${chosen}, which does not exist.`);
  }
  const problems: string[] = [];
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return bundled();
    } catch (error) {
      problems.push(`The one from npm does not run here: ${(error as Error).message}`);
    }
  }
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed) return { executablePath: installed, env: {} };
  throw new Error(
    [
      'No browser was found for the browser tests.',
      ...problems,
      'Install Chromium (Debian, Ubuntu: apt-get install chromium) or set CHROMIUM_PATH.',
    ].join(' '),
  );
}

/** The one from npm. It comes compressed and is unpacked once (66 MB become 250; about two seconds). */
function bundled(): Found {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const manifest = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'));
  const folder = join(cacheFolder(), `chromium-${manifest.version}`);
  const executablePath = join(folder, 'chromium');
  if (!existsSync(executablePath)) unpack(entry, folder);
  const env = { FONTCONFIG_FILE: join(folder, 'fonts.conf') };
  // It brings the few libraries that a bare system lacks (nss, nspr, expat); the system's own are better if there.
  const libraries = { ...env, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  const first = spawnSync(executablePath, ['--version'], { encoding: 'utf8' });
  if (first.status === 0) return { executablePath, env };
  execFileSync(executablePath, ['--version'], { env: { ...process.env, ...libraries }, stdio: 'pipe' });
  return { executablePath, env: libraries };
}

/** The package unpacks into TMPDIR, in a process of its own so that ours keeps its TMPDIR; then it is moved as a whole. */
function unpack(entry: string, folder: string): void {
  const draft = mkdtempSync(`${folder}-`);
  const script = `import(${JSON.stringify(entry)}).then((module) => module.default.executablePath())`;
  // The variable makes it unpack its libraries too.
  const env = { ...process.env, TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' };
  execFileSync(process.execPath, ['--eval', script], { env, stdio: 'pipe' });
  // Its own font list names /tmp; here: the fonts beside it (Open Sans), and those of the system for other scripts.
  const fonts = [join(folder, 'fonts'), '/usr/share/fonts'].map((path) => `<dir>${path}</dir>`).join('');
  const cache = `<cachedir>${join(folder, 'fonts-cache')}</cachedir>`;
  writeFileSync(join(draft, 'fonts.conf'), `<?xml version="1.0"?><fontconfig>${fonts}${cache}</fontconfig>`);
  try {
    renameSync(draft, folder);
  } catch {
    // Another test process was quicker.
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Beside the packages, so that it goes when they go; in a private temporary folder when those belong to somebody else. */
function cacheFolder(): string {
  const near = fileURLToPath(new URL('../node_modules/.cache', import.meta.url));
  const far = join(tmpdir(), `baton-cache-${process.getuid?.() ?? 'user'}`);
  for (const folder of [near, far]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      rmSync(mkdtempSync(join(folder, 'probe-')), { recursive: true });
      return folder;
    } catch {
      // not ours to write
    }
  }
  throw new Error(`Neither ${near} nor ${far} can be written to.`);
}
