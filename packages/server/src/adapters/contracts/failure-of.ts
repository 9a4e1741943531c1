import { AdapterFailure } from '#ports/failure.ts';

/** The failure that a call ends in. Throws what else it ends in, an answer too. */
export async function failureOf(promise: Promise<unknown>): Promise<AdapterFailure> {
  const result = await promise.then(
    (value) => new Error(`No failure, but ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (result instanceof AdapterFailure) return result;
  throw result;
}
