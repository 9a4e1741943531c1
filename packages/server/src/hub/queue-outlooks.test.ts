import { DEFAULT_ROUTING } from '@baton/core';
import { expect, test } from 'vitest';
import type { TeamRow } from '#store/line.ts';
import { LineView } from './line-view.ts';
import { queueOutlooks } from './queue-outlooks.ts';

const NOW = 1_700_000_000_000;
const QUEUES = [{ id: 'que_a', name: 'Support' }] as const;

function agent(name: string, more: Partial<TeamRow>): TeamRow {
  return {
    agent: { id: name, name },
    presence: 'online',
    queues: null,
    skills: [],
    capacity: 1,
    load: 0,
    active: 0,
    wrapping: 0,
    running: [],
    ringing: false,
    idleSince: 0,
    ...more,
  };
}

const team = [
  agent('dana', { skills: ['billing', 'returns'] }),
  agent('eli', { skills: ['billing', 'tyres'], presence: 'break', backAt: NOW + 60_000 }),
  agent('finn', { skills: ['law'], queues: ['que_b'] }),
];

function view(more: Partial<ConstructorParameters<typeof LineView>[0]> = {}) {
  return new LineView({ workspace: 'wsp_1', waiting: [], team, passOverSeconds: () => 60, asOf: NOW, ...more });
}

test('[QU61] a bot is told of each skill of a queue whether somebody who has it is there', () => {
  expect(queueOutlooks(view(), QUEUES, null)).toMatchObject([
    {
      name: 'Support',
      state: 'available',
      skills: [
        { skill: 'billing', state: 'available', opensAt: null },
        { skill: 'returns', state: 'available', opensAt: null },
        { skill: 'tyres', state: 'closed', opensAt: NOW + 60_000 },
      ],
    },
  ]);
});

test('[QU61] in the language of the conversation, where the queue requires it', () => {
  const routing = () => ({ ...DEFAULT_ROUTING, language: 'required' as const });
  const [danish] = queueOutlooks(
    view({ routing, team: team.map((one) => ({ ...one, languages: ['en'] })) }),
    QUEUES,
    'da',
  );
  expect(danish?.skills.map(({ state }) => state)).toEqual(['closed', 'closed', 'closed']);
});

test('[QU61] of the agents of an outside desk nobody knows what they are able to do', () => {
  expect(queueOutlooks(view({ outside: () => null }), QUEUES, null)).toMatchObject([{ state: 'unknown', skills: [] }]);
});
