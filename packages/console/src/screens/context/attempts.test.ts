import { expect, test } from 'vitest';
import { event, said } from '#test/given.ts';
import { triedOf } from './attempts.ts';

test('[CN22] what the bot tried: each question, its answer, whether it knew, and from what', () => {
  const tried = triedOf([
    said(1, 'customer', 'When does it come?'),
    said(2, 'bot', 'In two days.', {
      bot: { sources: [{ title: 'Shipping' }], tools: [{ name: 'find_order', ok: true }] },
    }),
    said(3, 'customer', 'It is late already'),
    said(4, 'bot', 'Could you say it in other words?', { bot: { fallback: true } }),
  ]);
  expect(tried).toEqual([
    {
      seq: 1,
      asked: 'When does it come?',
      answered: 'In two days.',
      fallback: false,
      sources: ['Shipping'],
      tools: ['find_order'],
    },
    {
      seq: 3,
      asked: 'It is late already',
      answered: 'Could you say it in other words?',
      fallback: true,
      sources: [],
      tools: [],
    },
  ]);
});

test('[CN22] what a person answered, or nobody yet, is no attempt of the bot; a failed turn is', () => {
  expect(
    triedOf([said(1, 'customer', 'Hello?'), said(2, 'agent', 'Hi!'), said(3, 'customer', 'Still there?')]),
  ).toEqual([]);
  const failed = triedOf([
    said(1, 'customer', 'Hello?'),
    event(2, { type: 'bot.skipped', turn: 1, why: 'failed', detail: 'HTTP 500' }),
  ]);
  expect(failed).toMatchObject([{ asked: 'Hello?', answered: null, fallback: true }]);
});
