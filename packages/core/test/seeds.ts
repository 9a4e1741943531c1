import type { Scene } from './steps.ts';

const SCENE = { bot: 'ours', billing: 'handoff', botError: 'handoff', customerIdle: false } as const;
const now = { key: false, later: 0 } as const;

/** Scenes that once broke a rule, as fast-check made them small. They stay, and every invariant is tried on each. */
export const SEEDS: (Scene & { name: string })[] = [
  {
    name: 'a pass that was on its way when control came back was accepted under its old epoch (I2)',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'pass', by: 8, epoch: 'now', to: 0 }, key: false, later: 3 },
      { do: 'send', send: { act: 'release', by: 8, epoch: 'now' }, ...now },
      { do: 'send', send: { act: 'serve', agent: 4 }, ...now },
      { do: 'send', send: { act: 'tick' }, ...now },
    ],
  },
  {
    name: 'a desk was not told what an agent of another desk said (I4)',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'ask', by: 8, epoch: 'now', billing: true }, ...now },
      { do: 'send', send: { act: 'accept', agent: 4, which: 'open', direct: true }, ...now },
      { do: 'send', send: { act: 'serve', agent: 0 }, ...now },
    ],
  },
  {
    name: 'two messages were written and only the older one was given to the bot (I6)',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'ask', by: 6, epoch: 'now', billing: false }, ...now },
      { do: 'send', send: { act: 'customer says', words: 0, choice: 0, epoch: 'now' }, ...now },
      { do: 'send', send: { act: 'customer says', words: 1, choice: 0, epoch: 'now' }, ...now },
      { do: 'send', send: { act: 'cancel', by: 6, epoch: 'now' }, ...now },
      {
        do: 'send',
        send: { act: 'bot says', bot: 0, answers: 'first', epoch: 'now', lost: false, asks: false },
        ...now,
      },
    ],
  },
  {
    name: 'a desk that failed kept its ticket when the next one was asked (I7)',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'ask', by: 8, epoch: 'now', billing: true }, ...now },
      { do: 'send', send: { act: 'desk fails', which: 'open', next: 1 }, ...now },
    ],
  },
  {
    name: 'an outside agent who took over did not bring his desk (I7)',
    ...SCENE,
    steps: [{ do: 'send', send: { act: 'take', agent: 3, force: false, ticket: false }, ...now }],
  },
  {
    name: 'machines that released and put back went in circles past the guard (I9)',
    ...SCENE,
    steps: [
      ...Array.from({ length: 8 }, () => [
        { do: 'send', send: { act: 'ask', by: 6, epoch: 'now', billing: false }, ...now } as const,
        { do: 'send', send: { act: 'take', agent: 0, force: false, ticket: false }, ...now } as const,
        { do: 'send', send: { act: 'churn', way: 0 }, ...now } as const,
      ]).flat(),
      { do: 'send', send: { act: 'take', agent: 0, force: false, ticket: false }, ...now },
      { do: 'send', send: { act: 'requeue', which: 'open', lost: false }, ...now },
    ],
  },
  {
    name: 'the opening told the customer what the bot had noted of him',
    ...SCENE,
    steps: [],
  },
  {
    name: 'a transfer to another desk was late at once, and failed',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'take', agent: 0, force: false, ticket: false }, ...now },
      { do: 'wait', seconds: 100 },
      { do: 'send', send: { act: 'pass', by: 8, epoch: 'now', to: 4 }, ...now },
      { do: 'send', send: { act: 'tick' }, ...now },
    ],
  },
  {
    name: 'an hour with an agent who was lost counted as an hour of waiting',
    ...SCENE,
    steps: [
      { do: 'send', send: { act: 'take', agent: 0, force: false, ticket: false }, ...now },
      { do: 'send', send: { act: 'serve', agent: 0 }, ...now },
      { do: 'wait', seconds: 3_601 },
      { do: 'send', send: { act: 'requeue', which: 'open', lost: true }, ...now },
    ],
  },
  {
    name: 'a customer taken off hold after long was idle at once',
    ...SCENE,
    customerIdle: true,
    steps: [
      { do: 'send', send: { act: 'take', agent: 0, force: false, ticket: false }, ...now },
      { do: 'send', send: { act: 'serve', agent: 0 }, ...now },
      { do: 'send', send: { act: 'hold', agent: 0 }, ...now },
      { do: 'wait', seconds: 601 },
      { do: 'send', send: { act: 'resume', agent: 0 }, ...now },
    ],
  },
];
