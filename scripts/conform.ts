// `npm run conform -- --desk URL --secret S`: does a webhook desk keep to the rules (docs/guide/webhook-desk.md)? Black-box: it posts
// as Baton does, listens where the desk posts, and says which rules of SPEC.md hold.
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { Complaint } from '#bench/simulate/complaint.ts';
import { webhook } from '#server/adapters/desks/webhook/index.ts';
import { guardedFetch } from '#server/adapters/kit/guard.ts';
import { isWebhookSecret, newWebhookSecret, signWebhook } from '#server/adapters/kit/standard-webhooks.ts';
import type { DeskDeps } from '#server/ports/adapter.ts';
import { command, secondsOf } from './command.ts';
import { listen } from './conform/listener.ts';
import { type Deed, NotTried, RULES, type Subject } from './conform/rules.ts';

const USAGE = `npm run conform -- --desk URL --secret whsec_... [--features typing,readMarks,availability,position,poll]
  --by-hand            asks you to do what an agent does, for desks that do not answer \`rehearse\`
  --listen HOST        where this listens for the desk's posts (127.0.0.1)
  --public-url URL     how the desk reaches it, where that is another address
  --timeout SECONDS    time limit of one call (8)
  --patience SECONDS   how long an agent's deed may take to come back (15)
  --json               one object instead of lines`;

interface Outcome {
  rule: string;
  what: string;
  state: 'holds' | 'broken' | 'not tried';
  detail?: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      desk: { type: 'string' },
      secret: { type: 'string' },
      features: { type: 'string', default: '' },
      'by-hand': { type: 'boolean', default: false },
      listen: { type: 'string', default: '127.0.0.1' },
      'public-url': { type: 'string' },
      timeout: { type: 'string', default: '8' },
      patience: { type: 'string', default: '15' },
      json: { type: 'boolean', default: false },
    },
  });
  const { desk: url, secret } = values;
  if (url === undefined || !URL.canParse(url)) throw new Complaint('--desk: give the address of your desk.');
  if (secret === undefined || !isWebhookSecret(secret))
    throw new Complaint('--secret: give "whsec_" and 24 to 64 bytes in base64, the same that your desk has.');
  const patienceMs = secondsOf('--patience', values.patience) * 1_000;
  const net = guardedFetch('any');
  const config = {
    url,
    features: values.features.split(',').filter((one) => one !== ''),
    timeoutSeconds: secondsOf('--timeout', values.timeout),
  };
  const desk = webhook.create({ ...config, secret }, deps(net.fetch));
  const listener = await listen(values.listen, values['public-url'] ?? null, desk.receive);
  const subject: Subject = {
    desk,
    stranger: webhook.create({ ...config, secret: newWebhookSecret() }, deps(net.fetch)),
    url,
    secret,
    listener,
    act: values['by-hand'] ? byHand : (...deed) => rehearse(url, secret, ...deed),
    patienceMs,
    run: Date.now().toString(36),
  };
  const outcomes = await tryAll(subject, values.json ? () => {} : print);
  listener.close();
  await net.close();
  if (values.json) console.log(JSON.stringify({ desk: url, rules: outcomes }, null, 2));
  else console.log(summary(outcomes));
  if (outcomes.some(({ state }) => state === 'broken')) process.exitCode = 1;
}

async function tryAll(subject: Subject, tell: (outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { id: rule, what, check } of RULES) {
    const outcome = await check(subject).then(
      (): Outcome => ({ rule, what, state: 'holds' }),
      (error: Error): Outcome => ({
        rule,
        what,
        state: error instanceof NotTried ? 'not tried' : 'broken',
        detail: error.message,
      }),
    );
    outcomes.push(outcome);
    tell(outcome);
  }
  return outcomes;
}

async function rehearse(url: string, secret: string, ticket: string, what: Deed, text?: string): Promise<boolean> {
  const body = JSON.stringify({ type: 'rehearse', ticket, what, text });
  const headers = {
    ...signWebhook(secret, `rehearse-${Date.now()}`, Date.now(), body),
    'content-type': 'application/json',
  };
  return (await fetch(url, { method: 'POST', headers, body })).ok;
}

const DEEDS: Record<Deed, string> = {
  reply: 'reply as an agent, exactly',
  assigned: 'take the ticket as an agent',
  unassigned: 'put the ticket back, assigned to nobody',
  returned: 'give the ticket back to the bot',
  closed: 'close the ticket',
  reopened: 'open the ticket again',
};

async function byHand(ticket: string, what: Deed, text?: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  await lines.question(
    `Please, in ticket ${ticket}: ${DEEDS[what]}${text === undefined ? '' : `: ${text}`}\nThen press Enter. `,
  );
  lines.close();
  return true;
}

function deps(fetch: typeof globalThis.fetch): DeskDeps {
  let count = 0;
  return {
    id: 'int_conform',
    name: 'The desk',
    world: {
      now: Date.now,
      newId: (prefix) => `${prefix}_conform${Date.now()}${++count}`,
      fetch,
      log: { debug() {}, info() {}, warn() {}, error() {} },
    },
    files: { limit: 0, keep: () => Promise.reject(new Error('No files here.')), read: async () => null },
  };
}

const MARKS = { holds: 'holds    ', broken: 'BROKEN   ', 'not tried': 'not tried' } as const;

function print({ rule, what, state, detail }: Outcome): void {
  console.log(
    `${MARKS[state]}  ${rule.padEnd(5)} ${what}${detail === undefined ? '' : `\n                 ${detail}`}`,
  );
}

function summary(outcomes: readonly Outcome[]): string {
  const of = (state: Outcome['state']) => outcomes.filter((one) => one.state === state).length;
  return `\n${of('holds')} hold, ${of('broken')} broken, ${of('not tried')} not tried.`;
}

await command('conform', USAGE, main);
