// A bot for Baton in plain Node, without packages. Baton posts each turn here, signed; we answer with actions.
//   WEBHOOK_SECRET=whsec_... PORT=4000 node bot.mjs
// The wire is described in docs/guide/webhook-bot.md.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
if (secret.length < 24) throw new Error('Set WEBHOOK_SECRET to the secret that Baton shows for this bot.');

/** Is this call from Baton? The signature covers id, time and the body exactly as it came, so check before parsing. */
function isGenuine({ headers }, body) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(Date.now() / 1_000 - Number(time)) > 300) return false;
  const expected = Buffer.from(`v1,${createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64')}`);
  return signatures.split(' ').some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** What may be promised: only what Baton knows. */
function waitFor(availability) {
  const [queue] = availability.queues;
  if (availability.open === false) return 'Nobody from our team is in right now, but I can put you in the line.';
  if (!queue?.estimate) return "I can't tell yet how long it will take.";
  return `It takes about ${Math.ceil(queue.estimate.high_seconds / 60)} minutes at most, as far as I can see.`;
}

/** The bot itself: a turn in, actions out. `null`: it takes longer; the actions are posted later. */
function answer({ type, message, contact, availability, fallbacks }) {
  // A person gave the conversation back, and nothing is open: `returned` tells what was said and promised.
  if (type === 'conversation.returned' && message === null) return [{ type: 'noop' }];
  const text = message.text.toLowerCase();
  if (/\b(hi|hello|hey)\b/.test(text)) {
    return [
      { type: 'say', text: `Hello ${contact.name ?? 'there'}!`, buttons: ['Opening hours', 'My order', 'A person'] },
    ];
  }
  if (text.includes('opening hours')) return [{ type: 'say', text: 'We are open from 9 to 5, Monday to Friday.' }];
  if (text.includes('order')) return null;
  if (/person|human|agent/.test(text) || fallbacks >= 2) {
    return [
      { type: 'say', text: waitFor(availability) },
      { type: 'handoff', reason: 'customer_asked', summary: `Wrote: "${message.text}"`, priority: 'normal' },
    ];
  }
  return [
    { type: 'say', text: "I'm sorry, I don't know that. Could you say it differently?", report: { fallback: true } },
  ];
}

/** The slow way: look something up, then post the actions. The same Idempotency-Key again changes nothing. */
async function answerLater(turn) {
  const found = await new Promise((done) => setTimeout(done, 50, 'Your order is on its way.'));
  const response = await fetch(turn.reply_url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': turn.id },
    body: JSON.stringify({ token: turn.reply_token, actions: [{ type: 'say', text: found }] }),
  });
  // 409 control_lost: a person has taken over meanwhile. That is fine, there is nothing left to say.
  if (!response.ok) console.error(`Baton answered ${response.status}: ${await response.text()}`);
}

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    if (!isGenuine(request, body)) return response.writeHead(401).end();
    const turn = JSON.parse(body);
    const actions = answer(turn);
    if (actions === null) {
      response.writeHead(202).end();
      return answerLater(turn).catch(console.error);
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ actions }));
  });
});
server.listen(Number(process.env.PORT ?? 4000), '127.0.0.1', () => {
  console.log(`The bot listens on http://127.0.0.1:${server.address().port}`);
});
