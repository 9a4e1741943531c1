import { expect, test } from 'vitest';
import { type KeyPress, labelsOfKeys, matchKeys, nameOfKey, SEQUENCE_MS, startsSequence } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}) =>
  nameOfKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const commands = [{ keys: 't' }, { keys: 'shift+w' }, { keys: 'mod+k' }, { keys: 'g q' }, { keys: 'q' }, {}];

test('[CN23] keys are named by what they write; Ctrl and Cmd are one', () => {
  expect([press('t'), press('T'), press('W', { shiftKey: true }), press('?', { shiftKey: true })]).toEqual([
    't',
    't',
    'shift+w',
    '?',
  ]);
  expect([press('k', { ctrlKey: true }), press('k', { metaKey: true }), press('Enter', { shiftKey: true })]).toEqual([
    'mod+k',
    'mod+k',
    'shift+enter',
  ]);
  expect([press('Shift'), press('Dead')]).toEqual([null, null]);
});

test('[CN23] a sequence counts while its keys follow each other, else each key for itself', () => {
  expect(startsSequence(commands, 'g')).toBe(true);
  expect(startsSequence(commands, 't')).toBe(false);
  expect(matchKeys(commands, 'q', { key: 'g', at: 100 }, 200)?.keys).toBe('g q');
  expect(matchKeys(commands, 'q', { key: 'g', at: 100 }, 101 + SEQUENCE_MS)?.keys).toBe('q');
  expect(matchKeys(commands, 't', null, 0)?.keys).toBe('t');
  expect(matchKeys(commands, 'x', null, 0)).toBeUndefined();
});

test('[CN23] keys are shown as they stand on the keyboard', () => {
  expect(labelsOfKeys('mod+k', false)).toEqual([['Ctrl', 'K']]);
  expect(labelsOfKeys('mod+k', true)).toEqual([['⌘', 'K']]);
  expect(labelsOfKeys('g q', false)).toEqual([['G'], ['Q']]);
});
