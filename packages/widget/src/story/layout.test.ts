import { expect, test } from 'vitest';
import { bot, customer, log, opened, pending, says, toAgent } from '#test/given.ts';
import { layOut } from './layout.ts';
import { tellStory } from './story.ts';

test('[WG1] messages of one author stand together under one time; days and notices stand between', () => {
  const { lines } = tellStory(
    log(opened, says(customer, 'a'), says(bot, 'b'), says(bot, 'c'), toAgent, says(bot, 'd')),
  );
  const rows = layOut(lines, []);
  expect(rows.map((row) => (row.kind === 'group' ? row.bubbles.length : row.kind))).toEqual(['day', 1, 2, 'notice', 1]);
  expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
});

test('[WG4] a bubble keeps its key when the event takes its place', () => {
  const sending = layOut([], [pending('k1')]);
  const said = layOut(tellStory(log(opened, says(customer, 'x', 'k1'))).lines, []);
  const keyOf = (rows: typeof said) =>
    rows.flatMap((row) => (row.kind === 'group' ? row.bubbles.map((one) => one.key) : []));
  expect(keyOf(sending)).toEqual(keyOf(said));
});
