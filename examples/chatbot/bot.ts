// A bot that owns its channel: customers talk to it over its own HTTP, Baton is asked when a person is needed.
//   BATON_URL=http://127.0.0.1:3000 BATON_API_KEY=baton_... PORT=4200 node examples/chatbot/bot.ts
// What it does and why is told in docs/guide/handoff-api.md.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Baton, BatonProblem, readWebhook, type WebhookEvent, WebhookInvalid, type WebhookTest } from '@baton/sdk';

const baton = new Baton({ url: process.env['BATON_URL'] ?? '', key: process.env['BATON_API_KEY'] ?? '' });

/** One customer. A real bot keeps this in its database. */
interface Chat {
  user: string;
  /** What the customer sees. */
  lines: { who: string; text: string }[];
  /** Buttons of Baton's last question, such as "Leave a message". */
  choices: { id: string; label: string }[];
  holder: string;
  epoch?: number;
  conversation?: `cnv_${string}`;
  secret?: string;
  /** A person is being asked for: what comes of it may be told before the answer with the secret is here. */
  asking?: Promise<void>;
  /** The last event that was worked on: what comes again is dropped. */
  seq: number;
}
const chats = new Map<string, Chat>();

function chatOf(user: string): Chat {
  const chat = chats.get(user) ?? { user, lines: [], choices: [], holder: 'bot', seq: 0 };
  chats.set(user, chat);
  return chat;
}

const ANSWERS: [RegExp, string][] = [
  [/\b(hi|hello)\b/i, 'Hello! Ask me about delivery, or for a person.'],
  [/deliver|order/i, 'We deliver within three days.'],
];

/** The customer says something. While people answer, the bot is silent and brings his words to them. */
async function customerSays(chat: Chat, id: string, text: string): Promise<void> {
  chat.lines.push({ who: 'you', text });
  if (chat.conversation) await toBaton(chat, 'customer', id, text);
  if (chat.holder !== 'bot') return;
  if (/human|person|agent/i.test(text)) {
    chat.asking = handOff(chat, id);
    return chat.asking;
  }
  await botSays(
    chat,
    `${id}-answer`,
    ANSWERS.find(([asked]) => asked.test(text))?.[1] ?? 'I am not sure. Ask for a person?',
  );
}

async function botSays(chat: Chat, id: string, text: string): Promise<void> {
  // Baton first: if a person has taken over meanwhile, it says so, and the customer does not hear two voices.
  if (chat.conversation && !(await toBaton(chat, 'bot', id, text))) return;
  chat.lines.push({ who: 'bot', text });
}

async function toBaton(chat: Chat, role: 'customer' | 'bot', clientId: string, text: string): Promise<boolean> {
  const choice = role === 'customer' ? chat.choices.find(({ label }) => label === text)?.id : undefined;
  const parts = [{ type: 'text' as const, text, ...(choice === undefined ? {} : { choice }) }];
  const body = { author: { role }, parts, clientId, ...(role === 'bot' && chat.epoch ? { epoch: chat.epoch } : {}) };
  try {
    await baton.post('/v1/conversations/{id}/messages', { params: { id: chat.conversation ?? 'cnv_' }, body });
    return true;
  } catch (error) {
    if (error instanceof BatonProblem && error.code === 'control_lost') return false;
    throw error;
  }
}

/** The first time everything goes along; later Baton knows the conversation, and where to tell us. */
async function handOff(chat: Chat, key: string): Promise<void> {
  const idempotencyKey = `handoff-${chat.user}-${key}`;
  const reason = 'customer_asked' as const;
  if (chat.conversation) {
    const params = { id: chat.conversation };
    const { conversation } = await baton.post('/v1/conversations/{id}/handoff', {
      params,
      body: { reason },
      idempotencyKey,
    });
    chat.holder = conversation.control.holder;
    return;
  }
  const transcript = chat.lines.map(({ who, text }) => ({ role: who === 'you' ? 'customer' : 'bot', text }) as const);
  const tellUs = `${address()}/baton?user=${encodeURIComponent(chat.user)}`;
  const body = { customer: { externalId: chat.user }, transcript, reason, replyWebhook: tellUs };
  const { conversation, replyWebhook } = await baton.post('/v1/handoffs', { body, idempotencyKey });
  chat.conversation = conversation.id;
  chat.holder = conversation.control.holder;
  chat.secret = replyWebhook?.secret ?? '';
}

/** What people and Baton say and do. */
async function hear(chat: Chat, told: WebhookEvent | WebhookTest): Promise<void> {
  if (told.type === 'webhook.test' || told.seq <= chat.seq) return;
  const { seq, event } = told;
  chat.seq = seq;
  if (event.type === 'message') {
    const { author, parts } = event.message;
    chat.choices = parts.flatMap((part) => (part.type === 'choices' ? part.choices : []));
    const texts = parts.flatMap((part) =>
      part.type === 'text' ? part.text : part.type === 'choices' ? [] : `[${part.type}]`,
    );
    const text = [...texts, ...chat.choices.map(({ label }) => `[${label}]`)].join('\n');
    chat.lines.push({ who: author.role === 'agent' ? (author.name ?? 'agent') : 'system', text });
  } else if (event.type === 'control.changed') {
    chat.holder = event.to.holder;
    chat.epoch = event.epoch;
    // `meanwhile`: the customer keeps his place in the line and talks to us until his turn comes. Nobody has answered yet.
    if (event.to.holder === 'bot' && event.why !== 'meanwhile') await takeBack(chat, seq);
  }
}

/** The conversation is ours again: go on from what people said and promised. */
async function takeBack(chat: Chat, seq: number): Promise<void> {
  const { returned } = await baton.get('/v1/conversations/{id}/context', {
    params: { id: chat.conversation ?? 'cnv_' },
  });
  if (!returned?.agent) return;
  const promise = returned.promised.at(-1);
  const text = promise
    ? `I am back. ${returned.agent.name} said: "${promise}" I keep an eye on it.`
    : 'I am back. Anything else?';
  await botSays(chat, `back-${seq}`, text);
}

const server = createServer(async (request, response) => {
  const body = await read(request);
  const url = new URL(request.url ?? '/', 'http://here');
  const chat = chatOf(url.searchParams.get('user') ?? '');
  try {
    if (url.pathname === '/baton') {
      if (!chat.secret) await chat.asking;
      // Of before a restart: it comes again.
      if (!chat.secret) response.statusCode = 503;
      else await hear(chat, await readWebhook({ secret: chat.secret, headers: request.headers, body }));
    } else if (request.method === 'POST') {
      const { id, text } = JSON.parse(body) as { id: string; text: string };
      await customerSays(chat, id, text);
    } else response.write(JSON.stringify(chat.lines));
  } catch (error) {
    response.statusCode = error instanceof WebhookInvalid ? 401 : 500;
    console.error(error);
  }
  response.end();
});

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const address = () => process.env['BOT_URL'] ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
server.listen(Number(process.env['PORT'] ?? 4200), '127.0.0.1', () => console.log(`The bot listens on ${address()}`));
