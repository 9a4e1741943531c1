import { expect, test } from 'vitest';
import { agoOf, clockOf, dayOf, exactLengthOf, lengthOf, rangeOf, sizeOf, unitOf } from './duration.ts';
import { initialsOf } from './face.tsx';
import { cut } from './quote.tsx';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('[CN24] waits run as a clock, never below zero', () => {
  expect([
    clockOf(42 * SECOND),
    clockOf(12 * MINUTE + 5 * SECOND),
    clockOf(HOUR + 4 * MINUTE + 9 * SECOND),
    clockOf(27 * HOUR),
    clockOf(-5 * SECOND),
  ]).toEqual(['0:42', '12:05', '1:04:09', '1 d 3 h', '0:00']);
});

test('[CN24] lengths are rounded in sentences and exact in settings', () => {
  expect([lengthOf(40 * SECOND), lengthOf(SECOND), lengthOf(150 * SECOND), lengthOf(3 * HOUR)]).toEqual([
    '40 seconds',
    '1 second',
    '3 minutes',
    '3 hours',
  ]);
  expect([exactLengthOf(90 * SECOND), exactLengthOf(24 * HOUR), exactLengthOf(1.5 * SECOND), exactLengthOf(0)]).toEqual(
    ['1 minute 30 seconds', '1 day', '1.5 seconds', '0 seconds'],
  );
});

test('[CN24] a range of waits reads as the customer was told it', () => {
  expect([
    rangeOf(2 * MINUTE, 4 * MINUTE),
    rangeOf(64 * SECOND, 5 * MINUTE),
    rangeOf(20 * SECOND, 40 * SECOND),
    rangeOf(2.5 * MINUTE, 3 * MINUTE),
    rangeOf(12 * MINUTE, 31 * MINUTE),
    rangeOf(70 * MINUTE, 3 * HOUR),
  ]).toEqual([
    'about 2 to 4 minutes',
    'about 2 to 5 minutes',
    'less than a minute',
    'about 3 minutes',
    'about 15 to 35 minutes',
    'about 70 minutes to 3 hours',
  ]);
});

test('[CN24] how long ago is short, and days have names', () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime();
  expect([
    agoOf(now - 5 * SECOND, now),
    agoOf(now - 3 * MINUTE, now),
    agoOf(now - 2 * HOUR, now),
    agoOf(now - 50 * HOUR, now, 'en'),
  ]).toEqual(['now', '3 m', '2 h', 'Fri']);
  const words = { today: 'Today', yesterday: 'Yesterday' };
  expect([
    dayOf(now, now, words),
    dayOf(now - 24 * HOUR, now, words),
    dayOf(now - 48 * HOUR, now, words, 'en-GB'),
  ]).toEqual(['Today', 'Yesterday', 'Friday 20 November']);
  expect([sizeOf(900), sizeOf(482_113), sizeOf(3_500_000)]).toEqual(['900 B', '471 KB', '3.3 MB']);
});

test('[CN24] initials and marked words in any script', () => {
  expect([
    initialsOf('Ada Okafor'),
    initialsOf('bob'),
    initialsOf('ليلى حداد'),
    initialsOf('Maximiliane von Hohenberg'),
    initialsOf('  '),
  ]).toEqual(['AO', 'B', 'لح', 'MH', '']);
  expect(cut('Let me talk to a Human', ['human', 'talk to a human'])).toEqual([
    { text: 'Let me ', marked: false },
    { text: 'talk to a Human', marked: true },
  ]);
  expect(cut('1+1 (now)', ['(now)'])).toEqual([
    { text: '1+1 ', marked: false },
    { text: '(now)', marked: true },
  ]);
});

test('a length is written in the largest unit in which it is whole', () => {
  expect([0, 1.5, 90, 300, 5_400, 7_200, 604_800].map(unitOf)).toEqual([
    'second',
    'second',
    'second',
    'minute',
    'minute',
    'hour',
    'day',
  ]);
});
