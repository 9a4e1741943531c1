import { expect, test } from 'vitest';
import { row } from '#test/given.ts';
import { findCommands, findConversations } from './search.ts';

const command = (label: string, words = '') => ({ id: label, label, words, group: 'go' as const, run() {} });
const labels = (typed: string) =>
  findCommands(
    [command('Return to bot'), command('Transfer', 'forward pass'), command('Take over'), command('Résumé')],
    typed,
  ).map((one) => one.label);

test('[CN23] a command is found by the start of its words, by other words for it, and without accents', () => {
  expect(labels('')).toHaveLength(4);
  expect(labels('t')[0]).toBe('Transfer');
  expect(labels('bot')).toEqual(['Return to bot']);
  expect(labels('forward')).toEqual(['Transfer']);
  expect(labels('resume')).toEqual(['Résumé']);
  expect(labels('over take')).toEqual(['Take over']);
  expect(labels('nothing of that')).toEqual([]);
});

test('[CN23] a conversation is found by who writes and by what was said last', () => {
  const rows = [
    row('1', { customer: { id: 'cus_1', name: 'Ada Okafor', email: 'ada@example.com', verified: true } }),
    row('2', { last: { role: 'customer', text: 'my broken tent', at: '', seq: 1 } }),
  ];
  expect(findConversations(rows, 'ada').map((one) => one.id)).toEqual(['cnv_1']);
  expect(findConversations(rows, 'TENT').map((one) => one.id)).toEqual(['cnv_2']);
  expect(findConversations(rows, '')).toEqual([]);
});
