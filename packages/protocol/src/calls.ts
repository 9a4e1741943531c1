import type { z } from 'zod';
import type { Ops } from './rest/ops.ts';
import type { Method, OpShape } from './rest/table.ts';

// Types of the calls, made of the server's own table of operations: what compiles fits the wire. Nothing of it is there at
// run time, so no schema reaches a browser.

type AnyOp = Ops[keyof Ops];

/** Addresses that take a method, as the documentation writes them: `/v1/handoffs/{id}`. */
export type PathOf<M extends Method> = Extract<AnyOp, { method: M }>['path'];

type OpAt<M extends Method, P> = Extract<AnyOp, { method: M; path: P }>;

type Given<O, K extends 'params' | 'query' | 'body'> = O extends { [_ in K]: infer S extends z.ZodType }
  ? z.input<S>
  : never;

/** A part of a request that is left out where the operation has none, and may be where it needs nothing of it. */
type Part<K extends string, T> = [T] extends [never]
  ? { [_ in K]?: never }
  : object extends T
    ? { [_ in K]?: T }
    : { [_ in K]: T };

/** What an operation takes. */
export type Call<M extends Method, P> = Part<'params', Given<OpAt<M, P>, 'params'>> &
  Part<'query', Given<OpAt<M, P>, 'query'>> &
  Part<'body', Given<OpAt<M, P>, 'body'>>;

/** What an operation answers; null where it has nothing to say. */
export type Answer<M extends Method, P> =
  OpAt<M, P> extends infer O extends OpShape ? z.output<O['answers'][keyof O['answers'] & number]> : never;
