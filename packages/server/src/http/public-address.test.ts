import { expect, it } from 'vitest';
import type { HttpSettings } from './deps.ts';
import { assertPublic } from './public-address.ts';

const allowed = (reach: HttpSettings['reach'], url: string) => {
  try {
    assertPublic({ settings: { reach } as HttpSettings }, url);
    return true;
  } catch {
    return false;
  }
};

const HERE = ['http://127.0.0.1:4200/hook', 'http://localhost:4200', 'http://[::1]/', 'http://0x7f000001/'];
const INSIDE = ['http://10.1.1.1/', 'http://169.254.169.254/latest', 'http://[fd00::1]/', 'http://0.0.0.0/'];

it('[BT60] this machine may be called where Baton is tried out, the network around it only where the operator says so', () => {
  expect(HERE.map((url) => allowed('public', url))).toEqual(HERE.map(() => false));
  expect(HERE.map((url) => allowed('loopback', url))).toEqual(HERE.map(() => true));
  expect(INSIDE.map((url) => allowed('loopback', url))).toEqual(INSIDE.map(() => false));
  expect([...HERE, ...INSIDE].every((url) => allowed('any', url))).toBe(true);
  expect(allowed('public', 'https://bot.example.com/baton')).toBe(true);
});
