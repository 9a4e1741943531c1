import type { Refusal } from '@baton/core';
import { PROBLEMS, type ProblemCode } from '@baton/protocol/schemas';
import { presentControl } from './present/control.ts';

interface Detail {
  errors?: { path: string; message: string }[];
  retryAfterSeconds?: number;
  control?: unknown;
  /** Further headers of the answer. */
  headers?: Record<string, string>;
}

/** What goes back to the caller as RFC 9457, thrown from anywhere below a route. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly code: ProblemCode;
  readonly more: Detail;

  constructor(code: ProblemCode, detail: string, more: Detail = {}) {
    super(detail);
    this.code = code;
    this.more = more;
  }

  get status(): number {
    return PROBLEMS[this.code][0];
  }
}

/** `waitMs` is what a limit gave: 0 lets pass. */
export function assertRate(waitMs: number, what: string): void {
  if (waitMs === 0) return;
  const seconds = Math.ceil(waitMs / 1_000);
  throw new HttpProblem('too_many_requests', `Too many ${what}. Try again in ${seconds} s.`, {
    retryAfterSeconds: seconds,
  });
}

/** A rule of core said no. */
export function refused(refusal: Refusal): HttpProblem {
  return new HttpProblem(
    refusal.code,
    refusal.message,
    refusal.control ? { control: presentControl(refusal.control) } : {},
  );
}

/** The body of a problem. `type` leads to its entry in the documentation of this very server. */
export function problemBody(problem: HttpProblem, requestId: string): object {
  const [status, title] = PROBLEMS[problem.code];
  const { headers: _, ...more } = problem.more;
  return {
    type: `/docs/problems#${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    ...more,
    requestId,
  };
}
