import { expect, it } from 'vitest';
import { Links } from './links.ts';

const DAY = 86_400_000;

it('[SE7] a link to a transcript lives through a change of the key, while the old one is named, and for 30 days', () => {
  let now = 0;
  const links = (secret: string, ...secretsBefore: string[]) =>
    new Links({ secret, secretsBefore, publicUrl: () => 'https://chat.example.com', now: () => now });
  const token = links('the old key').transcript('cnv_1').split('/').at(-1) ?? '';
  expect(links('the old key').transcriptOf(token)).toBe('cnv_1');
  expect(links('a new key', 'another one', 'the old key').transcriptOf(token)).toBe('cnv_1');
  expect(links('a new key').transcriptOf(token)).toBeNull();
  expect(links('the old key').transcriptOf(`${token}x`)).toBeNull();
  now = 31 * DAY;
  expect(links('the old key').transcriptOf(token)).toBeNull();
});
