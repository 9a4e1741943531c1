import type { TwinAgent, TwinAnswer } from '#kit/desk-twin.ts';

/** The agent in whose name the integration works. */
export const US = 8_447_000_001;

export interface HeldUser {
  id: number;
  name: string;
  alias: string | null;
  email: string | null;
  external_id: string | null;
  role: 'admin' | 'agent' | 'end-user';
}

export function userJson({ id, name, alias, email, external_id, role }: HeldUser): object {
  return { id, name, alias: alias ?? '', email, external_id, role, photo: null, active: true };
}

/** Everybody at the twin: the integration's agent, two agents, and who comes as a customer. */
export class TwinPeople {
  readonly us: HeldUser;
  readonly users: HeldUser[];
  #made = 8_448_000_000;

  constructor(agents: readonly TwinAgent[]) {
    const nobody = { alias: null, email: null, external_id: null };
    this.us = { ...nobody, id: US, name: 'Baton', role: 'admin' };
    const staff = agents.map(({ id, name }): HeldUser => {
      return { ...nobody, id: Number(id), name: `${name} (full name)`, alias: name, role: 'agent' };
    });
    this.users = [this.us, ...staff];
  }

  add(user: Partial<HeldUser>): HeldUser {
    const whole: HeldUser = {
      name: 'Somebody',
      alias: null,
      email: null,
      external_id: null,
      role: 'end-user',
      ...user,
      id: ++this.#made,
    };
    this.users.push(whole);
    return whole;
  }

  /** Upper and lower case are the same to Zendesk. */
  of(external: string | null): HeldUser[] {
    return this.users.filter(
      ({ external_id }) => external_id !== null && external_id.toLowerCase() === external?.toLowerCase(),
    );
  }

  showMany(query: URLSearchParams): TwinAnswer {
    const ids = (query.get('ids') ?? '').split(',');
    if (ids.length > 100) return { status: 400, json: { error: 'TooManyValues' } };
    return { json: { users: this.users.filter(({ id }) => ids.includes(String(id))).map(userJson) } };
  }

  /** By external id, then by address; an address of staff is nobody else's. */
  keep(given: Partial<HeldUser>): TwinAnswer {
    const wrong = (description: string) => ({ status: 422, json: { error: 'RecordInvalid', description } });
    if (!given.name) return wrong('Name: is too short');
    const same =
      this.of(given.external_id ?? null)[0] ?? this.users.find(({ email }) => email !== null && email === given.email);
    if (same && same.role !== 'end-user') return wrong('Email: is already being used by another user');
    if (same) return { json: { user: userJson(Object.assign(same, given)) } };
    return { status: 201, json: { user: userJson(this.add({ ...given, role: 'end-user' })) } };
  }
}
