// `npm run pack:sdk`: makes `@baton/sdk` a package that installs anywhere, packages/sdk/dist/baton-sdk-VERSION.tgz.
//
// In this repository it is TypeScript that Node 24 runs as it is, beside the schemas that its types come from. Packed it is
// one JavaScript file for Node 20 and browsers, with the declarations of sdk and protocol. Those name types of zod, so
// zod comes along for the compiler; nothing of it runs.
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = process.argv[2] ?? join(root, 'packages/sdk/dist');
const home = join(dist, 'package');

const read = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function run(command: string, args: string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

/**
 * One run a package: what the compiler reaches through node_modules it takes for somebody else's, and writes no declaration of it.
 * In one run for both it depends on which way a file is found first.
 */
function declare(name: 'sdk' | 'protocol'): void {
  const config = join(dist, `tsconfig.${name}.json`);
  const project = {
    extends: join(root, 'packages/sdk/tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      rootDir: join(root, 'packages'),
      outDir: join(home, 'types'),
    },
    include: [],
    files: [join(root, `packages/${name}/src/index.ts`)],
  };
  writeFileSync(config, JSON.stringify(project));
  run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], root);
}

/** `#link/sse.ts` and `@baton/protocol` are names of this repository; declarations beside each other name their files. */
function ownNames(file: string): void {
  const path = join(home, file);
  const src = join(home, 'types', file.split('/')[1] ?? '', 'src');
  const beside = (target: string) => `./${relative(dirname(path), target)}`;
  const named = (name: string) => {
    if (name === '@baton/protocol') return beside(join(home, 'types/protocol/src/index.js'));
    const own = name.replace(/\.ts$/, '.js');
    if (own.startsWith('#')) return beside(join(src, own.slice(1)));
    return own;
  };
  const text = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    text.replace(
      /(from |import |import\()(['"])([^'"]+)\2/g,
      (_, by, quote, name) => `${by}${quote}${named(name)}${quote}`,
    ),
  );
}

function describe(): { version: string } {
  const { name, description, license, type } = read('packages/sdk/package.json');
  const { version } = read('package.json');
  const { zod } = read('packages/protocol/package.json').dependencies;
  const described = {
    ...{ name, version, description, license, type },
    engines: { node: '>=20' },
    sideEffects: false,
    exports: { '.': { types: './types/sdk/src/index.d.ts', default: './index.js' } },
    dependencies: { zod },
  };
  writeFileSync(join(home, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  return described;
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(home, { recursive: true });
await build({
  configFile: false,
  root: join(root, 'packages/sdk'),
  logLevel: 'error',
  build: {
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js' },
    outDir: home,
    minify: false,
    target: 'es2023',
  },
});
declare('protocol');
declare('sdk');
for (const file of globSync('types/**/*.d.ts', { cwd: home })) ownNames(file);
const { version } = describe();
cpSync(join(root, 'packages/sdk/README.md'), join(home, 'README.md'));
cpSync(join(root, 'LICENSE'), join(home, 'LICENSE'));
const packed = join(dist, `baton-sdk-${version}.tgz`);
run('tar', ['-czf', packed, 'package'], dist);
console.log(packed);
