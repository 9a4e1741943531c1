/**
 * The one thing that an adapter throws: the outside world said no. It says whether to try again and whether it is
 * certain that nothing arrived.
 *
 * - `retry`: surely not done; try again, not before `retryAfterMs` where the other side named a time (429).
 * - `rejected`: surely not done and never will be as it stands (4xx, invalid answer).
 * - `auth`: the credentials are refused; a person must mend the integration.
 * - `unsupported`: this side cannot do that.
 * - `uncertain`: perhaps done (a time-out after sending). Never blindly sent again: the adapter looks first.
 */
export type FailureKind = 'retry' | 'rejected' | 'auth' | 'unsupported' | 'uncertain';

export class AdapterFailure extends Error {
  readonly kind: FailureKind;
  readonly retryAfterMs: number | undefined;
  /** Which limit was met, where it is that of one ticket or one method: the other side is there, and takes everything else. */
  readonly limit: string | null;

  constructor(
    kind: FailureKind,
    message: string,
    options: { retryAfterMs?: number; limit?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AdapterFailure';
    this.kind = kind;
    this.retryAfterMs = options.retryAfterMs;
    this.limit = options.limit ?? null;
  }
}
