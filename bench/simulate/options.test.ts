import { expect, test } from 'vitest';
import { Complaint } from './complaint.ts';
import { readOptions } from './options.ts';

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
  expect(readOptions(['--dialogues', 'a', '--dialogues', 'b', '--agents', '5', '--json'])).toMatchObject({
    dialogues: ['a', 'b'],
    agents: 5,
    speed: 60,
    server: null,
    json: true,
  });
  expect(readOptions(['--help'])).toBeNull();
});

test('[SM7] an option that cannot be used is named, with what it takes', () => {
  expect(refused()).toMatch(/--dialogues/);
  expect(refused('--dialogues', 'a', '--agents', 'three')).toMatch(/--agents: a number, from 1 to 100; not "three"/);
  expect(refused('--dialogues', 'a', '--agents', '1.5')).toMatch(/--agents: a whole number/);
  expect(refused('--dialogues', 'a', '--cuts', '2')).toMatch(/--cuts: a number, from 0 to 1/);
  expect(refused('--dialogues', 'a', '--sped', '2')).toMatch(/--sped/);
  expect(refused('--dialogues', 'a', '--server', 'localhost:3000')).toMatch(/--server: an address/);
  expect(refused('--dialogues', 'a', '--server', 'http://localhost:3000')).toMatch(/also needs --site/);
  expect(refused('--dialogues', 'a', '--site', 'x')).toMatch(/--server: is missing/);
});
