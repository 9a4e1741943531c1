// A desk for Baton in plain Node, without packages: tickets in memory, and a page where agents answer.
//   WEBHOOK_SECRET=whsec_... PORT=4100 node desk.mjs        then open http://127.0.0.1:4100
// The wire is described in docs/guide/webhook-desk.md.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace(/^whsec_/, ''), 'base64');
if (secret.length < 24) throw new Error('Set WEBHOOK_SECRET to the secret that Baton shows for this desk.');
const AGENT = { id: 'kim', name: 'Kim' };
/** By id: `{id, handoff, inboundUrl, open, lines: [{who, text, files}], known: Map(message id -> our id), events: []}`. */
const tickets = new Map();

const sign = (id, time, body) => `v1,${createHmac('sha256', secret).update(`${id}.${time}.${body}`).digest('base64')}`;

/** Is this call from Baton? The signature covers id, time and the body exactly as it came, so check before parsing. */
function isGenuine({ headers }, body) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1_000 - Number(time)) < 300)) return false;
  const expected = Buffer.from(sign(id, time, body));
  return signatures.split(' ').some((one) => {
    const given = Buffer.from(one);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

/** What Baton asks of a desk. The same handoff, the same message again: the same answer. */
function answer(call) {
  const ticket = tickets.get(call.ticket);
  if ('ticket' in call && call.ticket !== null && !ticket) return [404, { error: 'There is no such ticket.' }];
  const find = (handoff) => [...tickets.values()].find((one) => one.handoff === handoff);
  const shown = (one) => one && { id: one.id, url: `http://127.0.0.1:${server.address().port}/#${one.id}` };
  switch (call.type) {
    case 'test':
      return [200, { name: 'Example desk' }];
    case 'ticket.open': {
      const known = find(call.handoff);
      return [200, { ticket: shown(known ?? open(call)) }];
    }
    case 'ticket.find':
      return [200, { ticket: shown(find(call.handoff)) ?? null }];
    case 'message': {
      const { id, author, text, files } = call.message;
      if (!ticket.known.has(id)) {
        ticket.known.set(id, randomUUID());
        ticket.lines.push({ who: author.name, text, files });
      }
      return [200, { id: ticket.known.get(id) }];
    }
    case 'ticket.close':
      ticket.open = false;
      return [200, {}];
    case 'events': {
      const from = Number(call.after ?? 0);
      return [200, { events: ticket.events.slice(from), cursor: String(ticket.events.length) }];
    }
    default:
      return [400, { error: `This desk does not know "${call.type}".` }];
  }
}

function open({ handoff, context, inboundUrl, transcriptUrl }) {
  const { summary, customer, transcript, conversation } = context;
  const lines = transcript.map(({ name, role, text }) => ({ who: name ?? role, text, files: [] }));
  const who = customer.name ?? 'Somebody';
  const made = { id: `T${tickets.size + 1}`, handoff, conversation, who, summary, transcriptUrl, inboundUrl };
  tickets.set(made.id, { ...made, open: true, lines, known: new Map(), events: [] });
  return made;
}

/** Tells Baton what an agent did, again and again until it has it: each event has an id, so twice is once. */
async function tell(ticket, event) {
  const whole = { id: randomUUID(), ticket: ticket.id, at: new Date().toISOString(), ...event };
  ticket.events.push(whole);
  const body = JSON.stringify(whole);
  for (const seconds of [0, 1, 5, 30, 120]) {
    await new Promise((done) => setTimeout(done, seconds * 1_000));
    const time = Math.floor(Date.now() / 1_000);
    const headers = {
      'webhook-id': whole.id,
      'webhook-timestamp': time,
      'webhook-signature': sign(whole.id, time, body),
    };
    const response = await fetch(ticket.inboundUrl, { method: 'POST', headers, body }).catch(() => null);
    if (response?.ok) return;
  }
}

/** What an agent does on the page, or in a rehearsal of `npm run conform`. */
function act(ticket, what, text) {
  const said = { type: 'agent.said', agent: AGENT, text };
  if (what === 'reply') ticket.lines.push({ who: AGENT.name, text, files: [] });
  ticket.open = what !== 'closed' && (what === 'reopened' || ticket.open);
  const note = text ? { note: text } : {};
  return tell(ticket, what === 'reply' ? said : { type: what, agent: AGENT, ...(what === 'returned' ? note : {}) });
}

const html = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const page = () => `<!doctype html><title>Desk</title><style>body{font:16px system-ui;max-width:40rem;margin:2rem auto}
section{border-top:1px solid #ccc}</style><h1>Desk</h1><a href="/">Look again</a>${[...tickets.values()]
  .map(
    (one) => `<section id="${one.id}"><h2>${one.id}: ${html(one.who)}${one.open ? '' : ' (closed)'}</h2>
<p><em>${html(one.summary)}</em></p>${one.lines
      .map(
        ({ who, text, files }) =>
          `<p><b>${html(who)}</b> ${html(text)}${files.map((file) => ` <a href="${html(file.url)}">${html(file.name)}</a>`).join('')}`,
      )
      .join('')}<form method="post" action="/act"><input type="hidden" name="ticket" value="${one.id}">
<input name="text" size="50"> <button name="what" value="reply">Reply</button> <button name="what" value="assigned">Take it</button>
<button name="what" value="returned">Back to the bot</button> <button name="what" value="closed">Close</button></form></section>`,
  )
  .reverse()
  .join('')}`;

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString('utf8');
    if (request.method === 'GET') return response.writeHead(200, { 'content-type': 'text/html' }).end(page());
    if (request.url === '/act') {
      const { ticket, what, text } = Object.fromEntries(new URLSearchParams(body));
      // A page from before a restart shows tickets that are gone.
      if (tickets.has(ticket)) void act(tickets.get(ticket), what, text);
      return response.writeHead(303, { location: `/#${ticket}` }).end();
    }
    if (!isGenuine(request, body)) return response.writeHead(401).end();
    const call = JSON.parse(body);
    const [status, told] = call.type === 'rehearse' ? rehearse(call) : answer(call);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(told));
  });
});

/** Only `npm run conform` asks for this, never Baton: an agent does something, as if somebody had pressed the button. */
function rehearse({ ticket, what, text }) {
  if (!tickets.has(ticket)) return [404, { error: 'There is no such ticket.' }];
  void act(tickets.get(ticket), what, text);
  return [200, {}];
}

server.listen(Number(process.env.PORT ?? 4100), '127.0.0.1', () => {
  console.log(`The desk listens on http://127.0.0.1:${server.address().port}`);
});
