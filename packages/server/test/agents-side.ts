// Where agents work, in the same words for our console and for every vendor's twin: the same story goes with each of them.
import { WebSocket } from 'ws';
import type { DeskTwin, SeenTicket, TwinAgent, TwinAgents } from '#kit/desk-twin.ts';
import { type Stage, until } from '#test/desk-stage.ts';
import { TestSocket } from '#test/side.ts';

/** What an agent reads of a conversation. */
export interface AgentsView {
  /** What was said, oldest first. */
  texts(): string[];
  /** Names of files. */
  files(): string[];
  /** Everything else: who, why, flags, page. */
  facts(): string;
  /** The customer is typing. */
  typing(): boolean;
  open(): boolean;
}

export interface AgentsSide {
  /** Null is our console. */
  desk: string | null;
  agents: readonly [TwinAgent, TwinAgent];
  /**
   * Has the desk such a thing at all? `untold`: who was assigned is not told, so that an agent is known by his first words.
   * `keepsNotes`: what an agent notes for the bot stays there.
   */
  shows: { typing: boolean; tellsTyping: boolean; untold?: true; keepsNotes?: true };
  agent: TwinAgents;
  /** The ticket of a conversation, once agents see it. */
  ticketOf(conversation: string): Promise<string>;
  view(ticket: string): AgentsView;
  close(): Promise<void>;
}

/** An outside desk, whose agents its twin plays. */
export function twinSide(desk: string, twin: DeskTwin, shows: AgentsSide['shows']): AgentsSide {
  const seen = (id: string): SeenTicket => {
    const found = twin.ticket(id);
    if (!found) throw new Error(`There is no ticket ${id}.`);
    return found;
  };
  const known = new Set(twin.tickets().map(({ id }) => id));
  return {
    desk,
    agents: twin.agents,
    shows,
    agent: twin.agent,
    // Vendors do not all keep our ids where an agent reads them: a story has one conversation at a time.
    async ticketOf() {
      const { id } = await until(() => twin.tickets().find((one) => !known.has(one.id)), 'the ticket');
      known.add(id);
      return id;
    },
    view: (ticket) => ({
      texts: () => seen(ticket).entries.map(({ text }) => text),
      files: () => seen(ticket).entries.flatMap(({ files }) => files.map(({ name }) => name)),
      facts: () =>
        `${seen(ticket).facts}\n${seen(ticket)
          .entries.map(({ text }) => text)
          .join('\n')}`,
      typing: () => seen(ticket).typing,
      open: () => seen(ticket).open,
    }),
    close: () => twin.close(),
  };
}

const PASSWORD = 'another correct horse';

/** Our own console: two agents logged in, each with a socket. A ticket is the conversation itself. */
export async function consoleSide(stage: Stage): Promise<AgentsSide> {
  const [dana, kim] = [await logIn(stage, 'Dana Scully'), await logIn(stage, 'Kim O’Neil')] as const;
  const socketOf = (agent: TwinAgent) => (agent.id === dana.agent.id ? dana.socket : kim.socket);
  let sent = 0;
  const act = async (agent: TwinAgent, frame: object) => {
    const id = `f${++sent}`;
    const socket = socketOf(agent);
    socket.send({ ...frame, id });
    const answer = await socket.until(
      () => socket.frames.find((one) => (one.type === 'ack' || one.type === 'refused') && one.id === id),
      `an answer to ${JSON.stringify(frame)}`,
    );
    if (answer.type === 'refused') throw new Error(`${answer.code}: ${answer.message}`);
  };
  const say = (agent: TwinAgent, conversation: string, parts: object[]) =>
    act(agent, { type: 'say', clientId: `s${++sent}`, conversation, parts });
  return {
    desk: null,
    agents: [dana.agent, kim.agent],
    shows: { typing: true, tellsTyping: true },
    agent: {
      take: (conversation, agent) => act(agent, { type: 'take', conversation, force: true }),
      async release(conversation, agent) {
        const { items } = await stage.api('GET', '/v1/queues');
        await act(agent, { type: 'pass', conversation, to: { queue: items[0].id } });
      },
      async reply(conversation, agent, text, files = []) {
        const parts: object[] = [{ type: 'text', text }];
        for (const { name, mime, bytes } of files) {
          const form = new FormData();
          form.append('file', new Blob([new Uint8Array(bytes)], { type: mime }), name);
          const { cookie } = agent.id === dana.agent.id ? dana : kim;
          const headers = { cookie, origin: stage.baton.url };
          const upload = await fetch(`${stage.baton.url}/v1/files`, { method: 'POST', headers, body: form });
          parts.push({ type: 'file', file: { id: ((await upload.json()) as { id: string }).id } });
        }
        await say(agent, conversation, parts);
        return '';
      },
      note: (conversation, agent, text) => act(agent, { type: 'note', conversation, text }),
      typing: async (conversation, agent, on) => socketOf(agent).send({ type: 'typing', conversation, on }),
      read: async (conversation, agent) => socketOf(agent).send({ type: 'read', conversation, seq: 1 }),
      handBack: (conversation, agent, note) =>
        act(agent, { type: 'release', conversation, to: 'bot', ...(note === undefined ? {} : { note }) }),
      close: (conversation, agent) => act(agent, { type: 'close', conversation, outcome: 'resolved' }),
      reopen: async () => {
        throw new Error('A customer opens a conversation again by writing.');
      },
    },
    async ticketOf(conversation) {
      await until(
        async () => (await stage.api('GET', `/v1/conversations/${conversation}`)).handoff?.phase === 'queued',
        'the line',
      );
      dana.socket.send({ type: 'watch', conversation, after: 0 });
      return conversation;
    },
    view: (conversation) => ({
      texts: () => parts(dana.socket, conversation).flatMap((part) => (part.type === 'text' ? [part.text] : [])),
      files: () => parts(dana.socket, conversation).flatMap((part) => (part.type === 'file' ? [part.file.name] : [])),
      facts: () => JSON.stringify(dana.socket.frames),
      typing: () =>
        dana.socket.frames.some(
          (frame) => frame.type === 'typing' && frame.conversation === conversation && frame.who.role === 'customer',
        ),
      open: () =>
        !dana.socket.frames.some(
          (frame) =>
            frame.type === 'event' && frame.conversation === conversation && frame.event.type === 'handoff.ended',
        ),
    }),
    async close() {
      dana.socket.terminate();
      kim.socket.terminate();
    },
  };
}

async function logIn(stage: Stage, name: string) {
  const email = `${name.slice(0, 3).toLowerCase()}@example.com`;
  const { id } = await stage.api('POST', '/v1/agents', { name, email, password: PASSWORD });
  const { url } = stage.baton;
  const session = await fetch(`${url}/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  const headers = { cookie, origin: url };
  const socket = new TestSocket(new WebSocket(`${url.replace('http', 'ws')}/v1/realtime`, { headers }));
  await socket.opened;
  socket.send({ type: 'hello', inbox: true });
  await socket.next('welcome');
  return { agent: { id: id as string, name }, cookie, socket };
}

function parts(socket: TestSocket, conversation: string) {
  return socket.frames.flatMap((frame) =>
    frame.type === 'event' && frame.conversation === conversation && frame.event.type === 'message'
      ? frame.event.message.parts
      : [],
  );
}
