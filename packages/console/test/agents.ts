import type { Agent } from '@baton/protocol';

const base = { avatarUrl: null, disabled: false, createdAt: '2026-03-02T09:00:00.000Z' };

/** The people of the fake workspace. The first is who logs in. */
export const AGENTS: Agent[] = [
  {
    ...base,
    id: 'agt_dana',
    email: 'dana@example.com',
    name: 'Dana Whitfield',
    role: 'owner',
    presence: 'online',
    capacity: 4,
    active: 0,
  },
  {
    ...base,
    id: 'agt_omar',
    email: 'omar@example.com',
    name: 'Omar Haddad',
    role: 'agent',
    presence: 'online',
    capacity: 3,
    active: 0,
  },
  {
    ...base,
    id: 'agt_mei',
    email: 'mei@example.com',
    name: 'Mei Lindqvist',
    role: 'admin',
    presence: 'away',
    capacity: 3,
    active: 0,
  },
  {
    ...base,
    id: 'agt_jo',
    email: 'jo@example.com',
    name: 'Jo Brandt',
    role: 'agent',
    presence: 'offline',
    capacity: 3,
    active: 0,
  },
];
export const PASSWORD = 'correct horse';
export const ME = AGENTS[0] as Agent;

/** Conversations at which the script signs. */
export const ref = (agent: Agent) => ({ id: agent.id, name: agent.name });
