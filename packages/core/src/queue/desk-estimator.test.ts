import { describe, expect, it } from 'vitest';
import { DeskEstimator } from './desk-estimator.ts';

const BILLING = 0;
const SALES = 1;

/** A desk where Dana has answered one customer after the other: each waits 30 s and is served for 300 s. */
function seen(customers: number, agent = 'dana', kind = BILLING) {
  const desk = new DeskEstimator();
  let now = 0;
  for (let one = 0; one < customers; one++) {
    const id = `past ${one}`;
    desk.joined(id, now, kind);
    desk.served(id, now + 30, agent);
    desk.ended(id, now + 330);
    now += 400;
  }
  return { desk, now };
}

const middleOf = (desk: DeskEstimator, id: string, now: number) => desk.look(now).waiting.get(id)?.middle ?? null;

describe('waits at an outside desk', () => {
  it('[ET21] are unknown while few were answered there', () => {
    const { desk, now } = seen(3);
    desk.joined('new', now, BILLING);
    expect(middleOf(desk, 'new', now)).toBeNull();
    expect(new DeskEstimator().look(0).newcomers.size).toBe(0);
  });

  it('[ET21] are told by who waits there now, and who is being served for how long', () => {
    const { desk, now } = seen(20);
    for (const id of ['a', 'b', 'c']) desk.joined(id, now, BILLING);
    const [a = 0, b = 0, c = 0] = ['a', 'b', 'c'].map((id) => middleOf(desk, id, now) ?? 0);
    expect(a).toBeLessThan(100);
    // One conversation of 300 s for each who is ahead.
    expect(b - a).toBeGreaterThan(200);
    expect(c - b).toBeGreaterThan(200);
    expect(desk.look(now).newcomers.get(BILLING)?.middle).toBeGreaterThanOrEqual(c);
    desk.served('a', now + 30, 'dana');
    expect(middleOf(desk, 'b', now + 280)).toBeLessThan(middleOf(desk, 'b', now + 40) ?? 0);
    desk.left('b', now + 60);
    expect(middleOf(desk, 'c', now + 60)).toBeLessThan(c);
  });

  it('[ET26] who was seen lately is there, with room for as many as he had at once', () => {
    const { desk, now } = seen(20);
    for (const id of ['x', 'y']) desk.joined(id, now, BILLING);
    desk.served('x', now + 5, 'eli');
    desk.served('y', now + 5, 'eli');
    for (const id of ['x', 'y']) desk.ended(id, now + 305);
    // Dana takes one, Eli two: three at once.
    for (const id of ['a', 'b', 'c', 'd']) desk.joined(id, now + 310, BILLING);
    const middles = ['a', 'b', 'c', 'd'].map((id) => middleOf(desk, id, now + 310) ?? 0);
    expect(Math.max(...middles.slice(0, 3))).toBeLessThan(250);
    expect(middles[3]).toBeGreaterThan(250);
  });

  it('[ET26] the number of agents that the desk tells goes before what was seen', () => {
    const { desk, now } = seen(20);
    for (const id of ['a', 'b', 'c']) desk.joined(id, now, BILLING);
    const alone = middleOf(desk, 'c', now) ?? 0;
    expect(desk.online(3)).toBe(true);
    expect(desk.online(3)).toBe(false);
    expect(middleOf(desk, 'c', now)).toBeLessThan(alone / 2);
    desk.online(1);
    expect(middleOf(desk, 'c', now)).toBe(alone);
  });

  it('[ET26] where nobody was seen, waits are those of others lately who had waited as long', () => {
    const { desk, now } = seen(20);
    const later = now + 7_200;
    desk.joined('new', later, BILLING);
    expect(desk.look(later).waiting.get('new')).toMatchObject({ low: 30, middle: 30, high: 30 });
    // Nobody waited so long.
    expect(desk.look(later + 60).waiting.get('new')).toBeNull();
    // Of another queue there nothing is known.
    desk.joined('other', later, SALES);
    expect(desk.look(later).waiting.get('other')).toBeNull();
  });

  it('[ET21] who is forgotten, or comes back to the line, holds nobody up', () => {
    const { desk, now } = seen(20);
    desk.joined('a', now, BILLING);
    desk.served('a', now + 10, 'dana');
    desk.joined('b', now + 20, BILLING);
    const behind = middleOf(desk, 'b', now + 20) ?? 0;
    desk.forget('a');
    expect(desk.has('a')).toBeNull();
    expect(middleOf(desk, 'b', now + 20)).toBeLessThan(behind);
    desk.served('b', now + 30, 'dana');
    desk.joined('b', now + 40, BILLING, now + 20);
    expect(desk.has('b')).toBe('waits');
    // Twice, or of nobody, is nothing.
    desk.ended('b', now + 50);
    desk.left('nobody', now + 50);
    desk.served('nobody', now + 50, 'dana');
    expect(desk.has('b')).toBe('waits');
  });
});
