import type { ServerResponse } from 'node:http';
import { type Fault, misbehave, serveTwin, type TwinServer } from '#kit/twin-server.ts';
import type { ChatMessage } from './model.ts';

/** What the twin's model says next: words, tool calls, or both. `arguments` goes out as it stands. */
export interface Script {
  text?: string;
  calls?: { name: string; arguments: string }[];
}

export interface ModelTwin extends TwinServer {
  /** OPENAI_BASE_URL for this twin. */
  baseUrl: string;
  /** The bodies of all completions asked for, oldest first. */
  readonly asked: { model: string; messages: ChatMessage[] }[];
  /** What the next completions are, in this order; after that the twin answers by itself. */
  script(...completions: Script[]): void;
  /** The next call goes wrong. */
  fault(fault: Fault): void;
}

/** Sizes of the pieces of a stream, in bytes, over and over: they cut lines, words and characters. */
const PIECES = [1, 7, 3, 40, 2, 15, 5];

/**
 * A small OpenAI-compatible server for tests and for trying the house bot without a key. By itself it answers as a dutiful model does:
 * it calls `escalate_to_human` when asked for a person, `get_availability` when asked about waiting, and else repeats the first article
 * of its prompt.
 */
export async function startModelTwin({ key = 'sk-twin' } = {}): Promise<ModelTwin> {
  const asked: ModelTwin['asked'] = [];
  const scripts: Script[] = [];
  const faults: Fault[] = [];
  const server = await serveTwin(async (request, body, response) => {
    if (request.url === '/v1/models')
      return void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"object":"list","data":[{"id":"twin-1","object":"model"}]}');
    if (request.url !== '/v1/chat/completions')
      return void response.writeHead(404).end('{"error":{"message":"no such path"}}');
    if (request.headers.authorization !== `Bearer ${key}`)
      return void response.writeHead(401).end('{"error":{"message":"Incorrect API key"}}');
    const completion = JSON.parse(body) as { model: string; messages: ChatMessage[] };
    asked.push(completion);
    const fault = faults.shift();
    if (fault) return misbehave(fault, response, 'data: {"choices":[{"delta":{"content":"Half an ans"}}]}\n\n');
    await stream(response, chunksOf(scripts.shift() ?? dutiful(completion.messages)));
  });
  return {
    ...server,
    baseUrl: `${server.url}/v1`,
    asked,
    script: (...completions) => void scripts.push(...completions),
    fault: (fault) => void faults.push(fault),
  };
}

function dutiful(messages: readonly ChatMessage[]): Script {
  const last = messages.at(-1);
  const system = messages[0]?.content ?? '';
  if (last?.role === 'tool') return { text: `As far as I can see: ${last.content.split('\n')[0]}` };
  const said = last?.content ?? '';
  if (/\b(?:person|human|agent)\b/i.test(said)) {
    return {
      text: 'Of course.',
      calls: [
        {
          name: 'escalate_to_human',
          arguments: JSON.stringify({
            reason: 'The customer asked for a person.',
            summary: `The customer wrote: ${said}`,
          }),
        },
      ],
    };
  }
  if (/\b(?:wait|queue|busy)\b/i.test(said)) return { calls: [{ name: 'get_availability', arguments: '{}' }] };
  const article = /# Articles\n## .*\n([\s\S]*?)(?:\n\n|$)/.exec(system)?.[1];
  return { text: article ?? "I'm sorry, I don't know that. – Ça ne me dit rien 🙈" };
}

/** As OpenAI streams it: a role first, words in pieces, each call's arguments in pieces, then the reason and [DONE]. */
function chunksOf({ text = '', calls = [] }: Script): string {
  const deltas: object[] = [{ role: 'assistant', content: '' }];
  for (const word of text.match(/\S+\s*/g) ?? []) deltas.push({ content: word });
  for (const [index, { name, arguments: args }] of calls.entries()) {
    deltas.push({
      tool_calls: [{ index, id: `call_twin_${index}`, type: 'function', function: { name, arguments: '' } }],
    });
    for (const piece of args.match(/[\s\S]{1,9}/g) ?? [])
      deltas.push({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  const chunks = deltas.map((delta) => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: null }],
  }));
  const end = {
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta: {}, finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }],
  };
  return `: twin\n\n${[...chunks, end].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')}data: [DONE]\n\n`;
}

async function stream(response: ServerResponse, text: string): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  const bytes = Buffer.from(text);
  for (let from = 0, turn = 0; from < bytes.length; turn++) {
    const size = PIECES[turn % PIECES.length] ?? 1;
    if (!response.write(bytes.subarray(from, from + size)))
      await new Promise((drained) => response.once('drain', drained));
    from += size;
    // A packet of its own from time to time: the reader must not count on getting everything at once.
    if (turn % 10 === 0) await new Promise((next) => setImmediate(next));
  }
  response.end();
}
