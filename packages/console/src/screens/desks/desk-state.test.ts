import type { IntegrationHealth } from '@baton/protocol';
import { expect, test } from 'vitest';
import { deskState, waitsOf } from './desk-state.ts';

const at = '2026-11-22T12:00:00.000Z';
const health = (more: Partial<IntegrationHealth> = {}): IntegrationHealth => ({
  state: 'closed',
  failures: 0,
  pausedUntil: null,
  limits: [],
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

test('[DS12] what waits is said with its reason: the desk is down, it asked for time, or only one limit of its was met', () => {
  const now = Date.parse(at);
  const until = new Date(now + 12_000).toISOString();
  const reasons = (more: Partial<IntegrationHealth>) => waitsOf(health(more), now).map(({ why }) => why);
  expect(waitsOf(health(), now)).toEqual([]);
  expect(reasons({ state: 'open', pausedUntil: until })).toEqual([expect.stringMatching(/several times/)]);
  expect(reasons({ state: 'probing' })).toEqual([expect.stringMatching(/trying/)]);
  expect(reasons({ pausedUntil: until })).toEqual([expect.stringMatching(/asked for time: nothing/)]);
  expect(waitsOf(health({ limits: [{ what: 'conversations.replies', until }] }), now)).toEqual([
    { why: expect.stringMatching(/conversations\.replies\. Everything else goes on/), leftMs: 12_000 },
  ]);
  expect(reasons({ limits: [{ what: 'conversations.replies', until: at }] })).toEqual([]);
});
