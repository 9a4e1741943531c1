import { WebhookDeskAnswers, type WebhookDeskCall } from '@baton/protocol/schemas';
import type { z } from 'zod';
import { call } from '#kit/http.ts';
import { unsureOf } from '#kit/http-failure.ts';
import { signWebhook } from '#kit/standard-webhooks.ts';
import { jsonOrNothing } from '#kit/vendor.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';

type Answers = typeof WebhookDeskAnswers;
/** What a call of this type is answered with. */
type AnswerTo<T extends WebhookDeskCall['type']> = T extends keyof Answers ? z.output<Answers[T]> : null;

/** Posts one signed call to the desk and reads its answer. Throws `AdapterFailure`. */
export type Post = <C extends WebhookDeskCall>(id: string, body: C) => Promise<AnswerTo<C['type']>>;

/** Calls that change nothing there: asking twice does no harm. */
const ASKS: ReadonlySet<WebhookDeskCall['type']> = new Set(['test', 'availability', 'ticket.find', 'events']);

/** `id` becomes the `webhook-id`: the same at every try. */
export function webhookClient(
  world: World,
  {
    url,
    secret,
    timeoutSeconds,
    headers,
  }: { url: string; secret: string; timeoutSeconds: number; headers: Record<string, string> },
): Post {
  return async (id, body) => {
    const text = JSON.stringify(body);
    const repeatable = ASKS.has(body.type);
    const answer = await call(world, {
      url,
      headers: { ...headers, 'content-type': 'application/json', ...signWebhook(secret, id, world.now(), text) },
      body: text,
      timeoutMs: timeoutSeconds * 1_000,
      repeatable,
    }).catch((error: unknown) => {
      throw repeatable ? error : unsureOf(error);
    });
    const schema = (WebhookDeskAnswers as Record<string, z.ZodType | undefined>)[body.type];
    if (!schema) return null as never;
    const read = schema.safeParse(jsonOrNothing(answer.text));
    if (read.success) return read.data as never;
    const [issue] = read.error.issues;
    // A gateway may have answered in the desk's place: what was written may be there.
    throw new AdapterFailure(
      repeatable ? 'rejected' : 'uncertain',
      `The desk's answer to "${body.type}" is not understood: ${issue?.path.join('.')}: ${issue?.message}.`,
    );
  };
}
