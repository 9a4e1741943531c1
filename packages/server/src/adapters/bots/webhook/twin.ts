import type { WebhookBotTurn } from '@baton/protocol/schemas';
import { verifyWebhook } from '#kit/standard-webhooks.ts';
import { type Fault, misbehave, serveTwin, type TwinServer } from '#kit/twin-server.ts';

/** What the twin does with a turn. `posts` are sent to the reply address, after the answer, by `post`. */
export type Behaviour = { inline: unknown } | { later: true } | { raw: string; status?: number };

export interface WebhookTwin extends TwinServer {
  secret: string;
  /** Turns with a good signature, oldest first, with the id of their delivery. */
  readonly turns: { turn: WebhookBotTurn; delivery: string }[];
  /** Calls whose signature did not hold. */
  readonly refused: string[];
  /** How the next turns are answered, in this order; after that with an echo. */
  behave(...behaviours: Behaviour[]): void;
  fault(fault: Fault): void;
  /** Posts actions for a turn to its reply address, as a bot that answered 202 does. */
  post(turn: WebhookBotTurn, actions: unknown, key?: string): Promise<Response>;
}

/** A webhook bot for tests: checks signatures as it should, and misbehaves on demand. */
export async function startWebhookTwin({ secret, now }: { secret: string; now(): number }): Promise<WebhookTwin> {
  const turns: WebhookTwin['turns'] = [];
  const refused: string[] = [];
  const behaviours: Behaviour[] = [];
  const faults: Fault[] = [];
  const server = await serveTwin((request, body, response) => {
    const verified = verifyWebhook([secret], request.headers, body, now());
    if (!verified.ok) {
      refused.push(verified.why);
      return void response.writeHead(401).end();
    }
    const turn = JSON.parse(body) as WebhookBotTurn;
    turns.push({ turn, delivery: verified.id });
    const fault = faults.shift();
    if (fault) return misbehave(fault, response, '{"actions":[{"type":"say","te');
    const behaviour = behaviours.shift() ?? { inline: { actions: [echo(turn)] } };
    if ('later' in behaviour) response.writeHead(202).end();
    else if ('raw' in behaviour) response.writeHead(behaviour.status ?? 200).end(behaviour.raw);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(behaviour.inline));
  });
  return {
    ...server,
    secret,
    turns,
    refused,
    behave: (...next) => void behaviours.push(...next),
    fault: (fault) => void faults.push(fault),
    post: (turn, actions, key) =>
      fetch(turn.reply_url ?? '', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
        body: JSON.stringify({ token: turn.reply_token, actions }),
      }),
  };
}

/** Says something sensible about any turn: what a returned bot should do is keep still. */
function echo(turn: WebhookBotTurn): object {
  return turn.message ? { type: 'say', text: `You wrote: ${turn.message.text}` } : { type: 'noop' };
}
