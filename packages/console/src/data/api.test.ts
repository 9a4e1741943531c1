import { expect, test } from 'vitest';
import { ApiProblem, createCall, sayError, Unreachable } from './api.ts';
import { correctClock, hubNow } from './clock.ts';

const answering =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  async () =>
    new Response(body === undefined ? null : JSON.stringify(body), { status, headers });

test('[CN26] a problem of the hub is said in its words, with the fields that are at fault', async () => {
  let out = 0;
  const call = createCall(
    answering(400, {
      code: 'invalid',
      detail: 'The body is not right.',
      errors: [{ path: 'email', message: 'An email address.' }],
    }),
    () => out++,
  );
  const error = await call('POST', '/v1/agents', { body: {} }).catch((problem) => problem);
  expect(error).toBeInstanceOf(ApiProblem);
  expect(error).toMatchObject({ status: 400, code: 'invalid', message: 'The body is not right.' });
  expect(sayError(error)).toBe('email: An email address.');
  expect(out).toBe(0);
});

test('[CN26] a session that is over is told; too many attempts say how long to wait', async () => {
  let out = 0;
  await createCall(answering(401, { code: 'unauthorized' }), () => out++)('GET', '/v1/x').catch(() => {});
  expect(out).toBe(1);
  const throttled = await createCall(answering(429, { code: 'too_many_attempts' }, { 'retry-after': '90' }), () => {})(
    'GET',
    '/v1/x',
  ).catch((problem) => problem);
  expect(throttled).toMatchObject({ retryAfterSeconds: 90 });
});

test('[CN26] no answer, or a gateway without a hub behind it, is told as unreachable', async () => {
  const dead = createCall(
    async () => Promise.reject(new TypeError('fetch failed')),
    () => {},
  );
  await expect(dead('GET', '/v1/x')).rejects.toBeInstanceOf(Unreachable);
  await expect(createCall(answering(502, {}), () => {})('GET', '/v1/x')).rejects.toBeInstanceOf(Unreachable);
});

test('[CN12] moments of the hub are counted by the hub’s clock', () => {
  correctClock(new Date(Date.now() + 180_000).toUTCString());
  expect(Math.abs(hubNow() - Date.now() - 180_000)).toBeLessThan(2_000);
  // A second or two is the header's own coarseness.
  correctClock(new Date(Date.now() + 1_000).toUTCString());
  expect(Math.abs(hubNow() - Date.now())).toBeLessThan(50);
  correctClock('nonsense');
  expect(Math.abs(hubNow() - Date.now())).toBeLessThan(50);
});
