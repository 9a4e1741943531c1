import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { command, fileOf, secondsOf } from './command.ts';

afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

/** What a command says when it is run, and with which code it ends. */
async function told(run: () => void): Promise<{ code: typeof process.exitCode; said: string }> {
  let said = '';
  vi.spyOn(console, 'error').mockImplementation((line: string) => {
    said += line;
  });
  await command('inspect', 'npm run inspect -- --payload FILE', run);
  return { code: process.exitCode, said };
}

it('says in a line what is wrong with the call, above its usage', async () => {
  const wrong: [run: () => void, said: RegExp][] = [
    [() => parseArgs({ args: ['--bogus'], options: {} }), /^inspect: .*--bogus/],
    [() => fileOf('--payload', join(tmpdir(), 'baton-no-such-file')), /^inspect: --payload: .*no such file/],
    [() => fileOf('--payload', tmpdir()), /^inspect: --payload: .*directory/],
    [() => secondsOf('--timeout', 'abc'), /^inspect: --timeout: .*"abc"/],
    [() => secondsOf('--timeout', '0'), /^inspect: --timeout: /],
  ];
  for (const [run, said] of wrong) {
    const { code, said: line } = await told(run);
    expect(line).toMatch(said);
    expect(line).toMatch(/\n\nnpm run inspect -- --payload FILE$/);
    expect(code).toBe(2);
  }
});

it('says how it is run to whoever asks, and runs nothing', async () => {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
  await command('inspect', 'npm run inspect -- --payload FILE', () => expect.fail('It was run.'), ['--help']);
  expect(said).toEqual(['npm run inspect -- --payload FILE']);
  expect(process.exitCode).toBeUndefined();
});

it('hides no fault of ours', async () => {
  const bug = () => {
    throw new TypeError('x is not a function');
  };
  await expect(told(bug)).rejects.toThrow('x is not a function');
});
