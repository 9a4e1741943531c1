// Agents and customers of a bench, by the ways that real ones come.
import type { Client, Login } from '#bench/server/client.ts';
import { OWNER, SITE } from './server.ts';
import { Wire } from './wire.ts';

/** How many of them are brought in at once. */
const AT_ONCE = 8;

export interface Visitor {
  wire: Wire;
  token: string;
}

/** A page load and its socket. */
export async function visit(client: Client): Promise<Visitor> {
  const { token } = await client.visit({ siteKey: SITE });
  const wire = await Wire.open(client.socket('/widget/v1/realtime'));
  await wire.hello({ token });
  return { wire, token };
}

/** Agents with a console each, online, who take one conversation at once. */
export async function hire(client: Client, count: number): Promise<Wire[]> {
  const admin = await client.login(OWNER.email, OWNER.password);
  return each(count, async (index) => {
    const cookie = await loginByLink(client, admin, index);
    const wire = await Wire.open(client.socket('/v1/realtime'), { cookie });
    await wire.hello({});
    await wire.request({ type: 'presence', state: 'online', capacity: 1 });
    return wire;
  });
}

async function loginByLink(client: Client, admin: Login, index: number): Promise<string> {
  const fields = { email: `agent${index}@bench.example`, name: `Agent ${index}`, role: 'agent', capacity: 1 };
  const { loginLink } = await client.write<{ loginLink: string }>('POST', '/v1/agents', admin, fields);
  const response = await fetch(loginLink, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** So many times, some at once, with the results in order. */
export async function each<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const work = async () => {
    while (next < count) {
      const index = next++;
      made[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return made;
}
