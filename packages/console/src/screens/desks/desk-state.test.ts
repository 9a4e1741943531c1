import type { IntegrationHealth } from '@baton/protocol';
import { expect, test } from 'vitest';
import { deskState } from './desk-state.ts';

const at = '2026-11-22T12:00:00.000Z';
const health = (more: Partial<IntegrationHealth> = {}): IntegrationHealth => ({
  state: 'closed',
  failures: 0,
  pausedUntil: null,
  rate: null,
  usedAt: null,
  open: 0,
  trouble: { failed: 0, unknown: 0 },
  calls: [],
  heard: { events: 0, ignored: 0, refused: 0, reasons: [] },
  ...more,
});
const call = (ok: boolean) => ({ at, what: 'send message', ok, ms: 5 });

test('[CN51] a desk is off, down, failing, never used, or working, in that order', () => {
  expect(deskState(false, health({ state: 'open' }))).toBe('off');
  expect(deskState(true, undefined)).toBe('unknown');
  expect(deskState(true, health({ state: 'open', calls: [call(false)] }))).toBe('down');
  expect(deskState(true, health({ state: 'probing' }))).toBe('down');
  expect(deskState(true, health({ calls: [call(true), call(false)] }))).toBe('failing');
  expect(deskState(true, health({ failures: 2, calls: [call(true)] }))).toBe('failing');
  expect(deskState(true, health())).toBe('unused');
  // The server has just started: it has called nobody yet.
  expect(deskState(true, health({ usedAt: at }))).toBe('ok');
  expect(deskState(true, health({ calls: [call(false), call(true)] }))).toBe('ok');
});
