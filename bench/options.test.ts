import { expect, test } from 'vitest';
import { Complaint } from '#bench/simulate/complaint.ts';
import { PARTS, readOptions } from './options.ts';

const refused = (...argv: string[]) => {
  try {
    readOptions(argv);
  } catch (error) {
    expect(error).toBeInstanceOf(Complaint);
    return (error as Error).message;
  }
  throw new Error('It was taken.');
};

test('takes what was said, and sensible values for the rest', () => {
  expect(readOptions([])).toMatchObject({ only: PARTS, repeats: 3, conversations: 200, sockets: 10_000, json: false });
  expect(readOptions(['--only', 'storm,idle', '--json'])).toMatchObject({ only: ['idle', 'storm'], json: true });
  expect(readOptions(['--quick', '--repeats', '2'])).toMatchObject({ repeats: 2, sockets: 5_000, rate: 1_000 });
  expect(readOptions(['--help'])).toBeNull();
});

test('an option that cannot be used is named, with what it takes', () => {
  expect(refused('--only', 'relay,strom')).toBe(
    '--only: relay, idle, pages, availability, handout, storm, with commas between them; not "strom".',
  );
  expect(refused('--repeats', '0')).toBe('--repeats: a whole number from 1 to 20; not "0".');
  expect(refused('--sockets', 'many')).toMatch(/--sockets: a whole number from 1 to 25000; not "many"/);
  expect(refused('--fast')).toMatch(/--fast/);
  expect(refused('relay')).toMatch(/relay/);
});
