import { z } from 'zod';

/** What an API key may do. `admin` includes the others. Agents have scopes by their role. */
export const Scope = z
  .enum(['conversations:read', 'conversations:write', 'handoffs:write', 'availability:read', 'admin'])
  .meta({ id: 'Scope' });
export type Scope = z.infer<typeof Scope>;

/**
 * Who may call an operation.
 * - a list of scopes: an API key or a logged-in agent that has one of them
 * - `agent`: only a logged-in agent
 * - `visitor`: a visitor's token
 * - `public`: nobody has to say who he is
 */
export type Access = readonly Scope[] | 'agent' | 'visitor' | 'public';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** What an answer with no body carries. */
export const Nothing = z.null();

export interface OpShape {
  method: Method;
  /** With `{name}` for parameters, as OpenAPI writes it. */
  path: string;
  /** Which part of the documentation it stands in. */
  tag: string;
  summary: string;
  description?: string;
  access: Access;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** Largest body in bytes; 1 MiB where nothing is said. */
  bodyLimit?: number;
  /** Upload: the body is multipart/form-data and the handler reads it itself. */
  multipart?: true;
  /** Takes `Idempotency-Key`. */
  idempotent?: true;
  /** The answer shows a secret once: what is kept of it for repeats is sealed. */
  secret?: true;
  /** Status to schema. The first is the usual one. */
  answers: Record<number, z.ZodType>;
  /** Also answers as `text/event-stream`. */
  stream?: true;
  /** Problem codes of its own, beyond those that every operation may answer. */
  problems?: readonly string[];
}

/** One row of the table: what is called, who may call it, what goes in and what comes out. */
export function op<const O extends OpShape>(shape: O): O {
  return shape;
}

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What a handler of this operation gets, validated. */
export interface OpInput<O extends OpShape> {
  params: Parsed<O['params']>;
  query: Parsed<O['query']>;
  body: Parsed<O['body']>;
}

/** What a handler of this operation may answer: one of its statuses with the body that belongs to it. */
export type OpAnswer<O extends OpShape> = {
  [S in keyof O['answers'] & number]: { status: S; body: z.input<O['answers'][S]> };
}[keyof O['answers'] & number];

/** A page of a list. `next` is given back as `after`; null at the end. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Give it back as `after` to read on. Null at the end.' }),
  });

/** Numbers in a query are text on the wire. */
export const queryInt = (min: number, max: number, fallback: number) =>
  z.coerce
    .number(`A whole number from ${min} to ${max}.`)
    .int()
    .min(min)
    .max(max)
    .default(fallback)
    .meta({ type: 'integer' });

export const listQuery = {
  limit: queryInt(1, 100, 50),
  after: z.string().max(500).optional().meta({ description: 'The `next` of the page before.' }),
};
