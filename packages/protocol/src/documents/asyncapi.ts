import type { z } from 'zod';
import { ClientFrame, ServerFrame } from '#frames.ts';
import { Components, type Json } from './components.ts';

const INTRODUCTION = `The live side of Baton: one WebSocket, JSON frames with a \`type\`.

1. Open the socket and say \`hello\`, with a token and with the last \`seq\` that you saw of each conversation.
2. \`welcome\` says who you are; then come the events after those \`seq\`s, each once and in order, and then what happens.
3. What you \`say\` is answered by \`ack\` with its \`seq\` once it is on disk, or by \`refused\` with a code. Keep what was not acknowledged and send it again after a reconnect, with the same \`clientId\`: it is one message all the same.
4. Send \`ping\` within the heartbeat that \`welcome\` names. After \`bye\`, come back no sooner than \`retryAfterMs\`.

Typing, presence, places in line and estimates are shown and never stored: they have no \`seq\`.
Where WebSockets are blocked, the same frames travel as server-sent events from \`GET /v1/stream\` (\`/widget/v1/stream\`) and as posts to \`/v1/frames\` (\`/widget/v1/frames\`).`;

/** Who sits at each socket. */
const CHANNELS = {
  realtime: {
    address: '/v1/realtime',
    title: 'Agents and servers',
    description: "The console's cookie, or an API key in `hello`.",
  },
  widget: {
    address: '/widget/v1/realtime',
    title: 'Visitors',
    description: 'The token of POST /widget/v1/sessions in `hello`, from an allowed origin.',
  },
} as const;

/** What only staff sends or gets. */
const STAFF_ONLY = new Set([
  'accept',
  'decline',
  'take',
  'release',
  'pass',
  'hold',
  'resume',
  'close',
  'note',
  'whisper',
  'barge',
  'flag',
  'unflag',
  'watch',
  'unwatch',
  'follow',
  'unfollow',
  'presence',
  'offer',
  'offer-gone',
  'inbox',
]);
const VISITORS_ONLY = new Set(['ask-human', 'cancel', 'rate', 'queue']);

/** The AsyncAPI 3.0 document, made of the schemas of the frames. */
export function asyncapi(version: string): Json {
  const components = new Components();
  const sent = messagesOf(components, ClientFrame, 'input', 'client');
  const got = messagesOf(components, ServerFrame, 'output', 'server');
  const channels: Json = {};
  const operations: Json = {};
  for (const [name, { address, title, description }] of Object.entries(CHANNELS)) {
    const here = (frames: Frames) =>
      Object.keys(frames).filter((key) => isFor(name, (frames[key] as { name: string }).name));
    const clients = here(sent);
    const servers = here(got);
    channels[name] = {
      address,
      title,
      description,
      messages: Object.fromEntries([...clients, ...servers].map((key) => [key, ref('messages', key)])),
      bindings: { ws: { method: 'GET' } },
    };
    operations[`${name}.send`] = operation(name, 'receive', 'What a client sends', clients);
    operations[`${name}.get`] = operation(name, 'send', 'What the server sends', servers);
  }
  return {
    asyncapi: '3.0.0',
    info: { title: 'Baton realtime', version, description: INTRODUCTION, license: { name: 'MIT' } },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages: { ...sent, ...got }, schemas: components.sorted() },
  };
}

type Frames = Record<string, Json>;

function isFor(channel: string, type: string): boolean {
  return channel === 'widget' ? !STAFF_ONLY.has(type) : !VISITORS_ONLY.has(type);
}

/** AsyncAPI speaks from the server's side: what clients send, it receives. */
function operation(channel: string, action: 'send' | 'receive', summary: string, messages: readonly string[]): Json {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: messages.map((key) => ({ $ref: `#/channels/${channel}/messages/${key}` })),
  };
}

function ref(kind: string, name: string): Json {
  return { $ref: `#/components/${kind}/${name}` };
}

function messagesOf(
  components: Components,
  union: z.ZodDiscriminatedUnion,
  io: 'input' | 'output',
  prefix: string,
): Frames {
  const frames: Frames = {};
  for (const option of union.options as z.ZodObject<{ type: z.ZodLiteral<string> }>[]) {
    const type = option.shape.type.value;
    frames[`${prefix}-${type}`] = { name: type, payload: components.of(option, io) };
  }
  return frames;
}
