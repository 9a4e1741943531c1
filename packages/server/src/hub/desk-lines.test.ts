import type { HandoffId, IntegrationId, QueueId } from '@baton/core';
import { expect, test } from 'vitest';
import type { DeskRow } from '#store/desk-line.ts';
import { DeskLines } from './desk-lines.ts';

const QUEUE: QueueId = 'que_1';
const DESK: IntegrationId = 'int_desk';
const NOW = 1_700_000_000_000;
const breathe = () => Promise.resolve();

function row(name: string, more: Partial<DeskRow>): DeskRow {
  return {
    handoff: `hnd_${name}`,
    conversation: `cnv_${name}`,
    desk: DESK,
    queue: QUEUE,
    phase: 'queued',
    agent: null,
    waitingSince: NOW,
    queuedAt: null,
    acceptedAt: null,
    endedAt: null,
    outcome: null,
    told: null,
    ...more,
  };
}

/** Answered after 30 s, done after 5 minutes more; one after the other, up to now. */
const past = Array.from({ length: 12 }, (_, index): DeskRow => {
  const began = NOW - (12 - index) * 400_000;
  const done = { phase: 'ended', agent: 'dana', acceptedAt: began + 30_000, endedAt: began + 330_000 } as const;
  return row(`past${index}`, { ...done, waitingSince: began, outcome: 'resolved' });
});
const first = row('first', { waitingSince: NOW - 2_000 });
const second = row('second', { waitingSince: NOW - 1_000 });

const middle = (lines: DeskLines, handoff: HandoffId, now = NOW) => lines.of(handoff, now)?.p50Seconds ?? null;

async function started(rows: readonly DeskRow[]): Promise<DeskLines> {
  const lines = new DeskLines();
  await lines.learn(rows, NOW, breathe);
  return lines;
}

test('[ET28] a node that has just started knows what one knows that was there', async () => {
  const there = new DeskLines();
  for (const one of past) there.take([one], one.endedAt ?? NOW);
  there.take([...past, first, second], NOW);
  const anew = await started([second, first, ...past.toReversed()]);
  expect(there.of('hnd_second', NOW)).toEqual(anew.of('hnd_second', NOW));
  expect(middle(anew, 'hnd_second')).toBeGreaterThan((middle(anew, 'hnd_first') ?? 0) + 200);
  expect(anew.newcomer(DESK, QUEUE, NOW)?.basis).toBe('measured');
  // What was taken is not taken again.
  there.take([...past, first, second], NOW);
  expect(there.of('hnd_second', NOW)).toEqual(anew.of('hnd_second', NOW));
});

test('[ET28] the line at a desk follows what happens: an answer, an end, a place that was given up, another desk', async () => {
  const lines = await started([...past, first, second]);
  const behind = middle(lines, 'hnd_second') ?? 0;
  lines.take([{ ...first, phase: 'active', agent: 'dana', acceptedAt: NOW + 1_000 }, second], NOW + 1_000);
  expect(lines.of('hnd_first', NOW + 1_000)).toBeNull();
  expect(middle(lines, 'hnd_second', NOW + 200_000)).toBeLessThan(behind - 100);
  // He is given back to the line there, with his age.
  lines.take([first, second], NOW + 201_000);
  expect(middle(lines, 'hnd_second', NOW + 201_000)).toBeGreaterThan(behind - 100);
  lines.take([second], NOW + 202_000);
  expect(middle(lines, 'hnd_second', NOW + 202_000)).toBeLessThan(behind - 100);
  const other: IntegrationId = 'int_other';
  lines.take([{ ...second, desk: other }], NOW + 203_000);
  expect(lines.of('hnd_second', NOW + 203_000)).toBeNull();
  lines.take([{ ...second, phase: 'ended', endedAt: NOW + 204_000, outcome: 'abandoned' }], NOW + 204_000);
  expect(lines.of('hnd_second', NOW + 204_000)).toBeNull();
});

test('[ET28] who is answered again after he was put back into the line holds nobody up', async () => {
  const lines = await started([...past, first, second]);
  lines.take([{ ...first, queuedAt: NOW + 1_000, acceptedAt: NOW }, second], NOW + 1_000);
  const behind = middle(lines, 'hnd_second', NOW + 2_000) ?? 0;
  const again = { ...first, phase: 'active', agent: 'dana', queuedAt: NOW + 1_000, acceptedAt: NOW } as const;
  lines.take([again, second], NOW + 3_000);
  expect(lines.of('hnd_first', NOW + 3_000)).toBeNull();
  expect(middle(lines, 'hnd_second', NOW + 3_000)).toBeLessThan(behind - 100);
  lines.take([again, second], NOW + 4_000);
  expect(lines.of('hnd_first', NOW + 4_000)).toBeNull();
});

test('[ET26] how many are there is believed where one queue goes to a desk, not where several share it', async () => {
  const lines = await started([...past, first, second]);
  const alone = middle(lines, 'hnd_second') ?? 0;
  lines.online(DESK, 3);
  expect(middle(lines, 'hnd_second')).toBeLessThan(alone / 2);
  lines.take([...past, first, second, row('other', { queue: 'que_2', waitingSince: NOW })], NOW);
  lines.online(DESK, 3);
  expect(middle(lines, 'hnd_second')).toBeGreaterThan(alone / 2);
});

test('[ET28] who was answered elsewhere before he came there says nothing of how long people wait there', async () => {
  const elsewhere = past.map((one) => ({ ...one, queuedAt: (one.acceptedAt ?? 0) + 1_000 }));
  const lines = await started([...elsewhere, first]);
  expect(lines.of('hnd_first', NOW)).toBeNull();
});
