import { z } from 'zod';
import { call, callStream, jsonOf } from '#kit/http.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { type Completion, CompletionReader } from './completion.ts';

export const ModelConfig = z.strictObject({
  /** With the version: https://api.openai.com/v1, http://localhost:11434/v1 ... */
  baseUrl: z.url({
    protocol: /^https?$/,
    error: 'Give the address of an OpenAI-compatible API, such as https://api.openai.com/v1.',
  }),
  /** Empty for servers that want none. */
  apiKey: z.string().max(4_000).default(''),
  /** Left out: see `usualModel`. */
  name: z.string().min(1).max(200).nullish(),
  /** Longest silence of the model, in seconds. */
  timeoutSeconds: z.number().min(1).max(120).default(20),
});
export type ModelConfig = z.output<typeof ModelConfig>;

/**
 * The model where none is named. OpenAI lists dozens, in no order, many of which do not chat, so it gets a small one that
 * calls tools. Elsewhere (null) the first of the list is taken, which suits servers that run one.
 */
export function usualModel(baseUrl: string): string | null {
  return URL.canParse(baseUrl) && new URL(baseUrl).hostname === 'api.openai.com' ? 'gpt-4o-mini' : null;
}

export type ChatMessage =
  | { role: 'system' | 'user'; content: string }
  | {
      role: 'assistant';
      content: string | null;
      tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
    }
  | { role: 'tool'; tool_call_id: string; content: string };

export interface ToolDefinition {
  type: 'function';
  function: { name: string; description: string; parameters: object };
}

/** An OpenAI-compatible chat model. */
export interface Model {
  /** One completion; `progress` gets the text so far. Throws `AdapterFailure`. */
  complete(
    messages: readonly ChatMessage[],
    tools: readonly ToolDefinition[],
    call: { signal: AbortSignal; progress(text: string): void },
  ): Promise<Completion>;
}

const ModelList = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

/** Most characters of one streamed completion: far above any answer that fits a chat. */
const STREAM_LIMIT = 4_000_000;

export function modelOf(config: ModelConfig, world: World): Model {
  const base = config.baseUrl.replace(/\/+$/, '');
  const headers: Record<string, string> = config.apiKey === '' ? {} : { authorization: `Bearer ${config.apiKey}` };
  const timeoutMs = config.timeoutSeconds * 1_000;
  let listed: string | undefined;

  async function nameOf(signal: AbortSignal): Promise<string> {
    const named = config.name ?? usualModel(base);
    if (named !== null) return named;
    if (listed !== undefined) return listed;
    const answer = await call(world, {
      url: `${base}/models`,
      method: 'GET',
      headers,
      timeoutMs,
      signal,
      repeatable: true,
    });
    const list = ModelList.safeParse(jsonOf(answer, base));
    if (!list.success) throw new AdapterFailure('rejected', `${base} lists no models. Name one with OPENAI_MODEL.`);
    listed = list.data.data[0]?.id ?? '';
    return listed;
  }

  return {
    async complete(messages, tools, { signal, progress }) {
      const body = JSON.stringify({ model: await nameOf(signal), stream: true, messages, tools, tool_choice: 'auto' });
      const reader = new CompletionReader();
      const request = {
        url: `${base}/chat/completions`,
        headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
        body,
        timeoutMs,
        signal,
        limit: STREAM_LIMIT,
        // Nothing is done by asking: the answer is said by us, once it is whole.
        repeatable: true,
      };
      let shown = '';
      for await (const piece of callStream(world, request)) {
        const text = reader.push(piece);
        if (text !== shown) progress(text);
        shown = text;
      }
      return reader.finish();
    },
  };
}
