import type { Problem, ProblemCode } from '@baton/protocol';

/** Known codes, and what a newer server may say. */
export type Code = ProblemCode | (string & {});

/** The server said no (RFC 9457). `code` is stable: switch on it, show `message` to people. */
export class BatonProblem extends Error {
  override readonly name = 'BatonProblem';
  readonly status: number;
  readonly code: Code;
  /** Which field was wrong, and what it takes. */
  readonly errors: readonly { path: string; message: string }[];
  /** When it is worth asking again. */
  readonly retryAfterSeconds: number | undefined;
  /** Of `control_lost`: who answers now, and under which epoch. */
  readonly control: unknown;
  /** For the server's log. */
  readonly requestId: string | undefined;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `Baton answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? `http_${status}`;
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = problem.retryAfterSeconds;
    this.control = problem.control;
    this.requestId = problem.requestId;
  }
}

/** No answer came, after all tries. What was asked may be done: ask again with the same Idempotency-Key. */
export class BatonUnreachable extends Error {
  override readonly name = 'BatonUnreachable';
  readonly idempotencyKey: string | undefined;

  constructor(cause: unknown, idempotencyKey: string | undefined) {
    super(`Baton does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.idempotencyKey = idempotencyKey;
  }
}
