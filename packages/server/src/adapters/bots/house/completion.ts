import { z } from 'zod';
import { AdapterFailure } from '#ports/failure.ts';

/** A tool that the model wants called. `arguments` is JSON as the model wrote it: not to be trusted. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** One answer of the model, whole. */
export interface Completion {
  text: string;
  calls: ToolCall[];
}

const Call = z.object({
  index: z.number().int().nullish(),
  id: z.string().nullish(),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
    })
    .nullish(),
});
const Piece = z.object({ content: z.string().nullish(), tool_calls: z.array(Call).nullish() });
const Chunk = z.object({
  choices: z
    .array(z.object({ delta: Piece.nullish(), message: Piece.nullish(), finish_reason: z.string().nullish() }))
    .default([]),
  error: z.unknown().optional(),
});

/**
 * Puts a streamed chat completion together from pieces of its text, however they are cut. Understands servers that ignore
 * `stream` and send one JSON object, that number no tool calls, or that send arguments as an object.
 */
export class CompletionReader {
  #unread = '';
  #text = '';
  readonly #calls: ToolCall[] = [];
  #finished = false;
  /** Nothing has told yet whether this is a stream of events or one object. */
  #whole: boolean | null = null;

  /** Takes the next piece; gives the text so far. Throws `rejected` for what is no completion. */
  push(piece: string): string {
    this.#unread += piece;
    if (this.#whole === null) {
      const start = this.#unread.trimStart();
      if (start === '') return this.#text;
      this.#whole = start.startsWith('{');
    }
    if (this.#whole) return this.#text;
    const lines = this.#unread.split(/\r\n|\n|\r(?!$)/);
    this.#unread = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
    return this.#text;
  }

  /** The stream has ended. Throws `retry` when it broke off: nothing has been said yet, so asking again does no harm. */
  finish(): Completion {
    if (this.#whole) this.#chunk(this.#unread);
    else if (this.#unread !== '') this.#line(this.#unread);
    if (!this.#finished) throw new AdapterFailure('retry', 'The model stopped in the middle of its answer.');
    return { text: this.#text, calls: this.#calls.filter((call) => call.name !== '') };
  }

  #line(line: string): void {
    // Everything else of the event stream format (comments, event names, ids) does not matter here.
    if (!line.startsWith('data:')) {
      if (line.trim() !== '' && !/^(?::|event:|id:|retry:)/.test(line)) throw garbage(line);
      return;
    }
    const data = line.slice(5).trim();
    if (data === '[DONE]') this.#finished = true;
    else if (data !== '') this.#chunk(data);
  }

  #chunk(data: string): void {
    const chunk = parse(data);
    if (chunk.error !== undefined && chunk.error !== null)
      throw new AdapterFailure('retry', `The model reports an error: ${messageOf(chunk.error)}`);
    for (const { delta, message, finish_reason } of chunk.choices.slice(0, 1)) {
      const piece = delta ?? message;
      this.#text += piece?.content ?? '';
      for (const call of piece?.tool_calls ?? []) this.#add(call);
      if (finish_reason) this.#finished = true;
    }
  }

  /** Pieces of one call come with the same index; the first has id and name. Without an index, a new id begins a new call. */
  #add({ index, id, function: called }: z.infer<typeof Call>): void {
    let call =
      typeof index === 'number'
        ? this.#calls[index]
        : id
          ? this.#calls.find((one) => one.id === id)
          : this.#calls.at(-1);
    if (!call) {
      call = { id: id ?? `call_${this.#calls.length}`, name: '', arguments: '' };
      this.#calls.push(call);
    }
    if (called?.name) call.name = called.name;
    const more = called?.arguments;
    if (more) call.arguments += typeof more === 'string' ? more : JSON.stringify(more);
  }
}

function parse(data: string): z.infer<typeof Chunk> {
  let json: unknown;
  try {
    json = JSON.parse(data);
  } catch {
    throw garbage(data);
  }
  const read = Chunk.safeParse(json);
  if (!read.success) throw garbage(data);
  return read.data;
}

function garbage(text: string): AdapterFailure {
  return new AdapterFailure('rejected', `The model's answer is not a chat completion: ${text.slice(0, 100)}`);
}

function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message).slice(0, 200);
}
