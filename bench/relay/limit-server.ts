// The least that a durable relay can be: no users, no rules, no state, nothing but what durability asks for. What comes
// while a flush is under way goes into the next one; one INSERT carries it all; then everybody is answered.
import { createServer } from 'node:http';
import pg from 'pg';
import { type WebSocket, WebSocketServer } from 'ws';

interface Waiting {
  conversation: string;
  seq: number;
  id: string;
  text: string;
  from: WebSocket;
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 2 });
await pool.query(`create table messages (
  conversation text not null, seq int not null, at timestamptz not null default now(), id text not null,
  text text not null, primary key (conversation, seq))`);

const agents = new Map<string, WebSocket>();
const seqs = new Map<string, number>();
let waiting: Waiting[] = [];
let flushing = false;

async function flush(): Promise<void> {
  flushing = true;
  while (waiting.length > 0) {
    const batch = waiting;
    waiting = [];
    await pool.query({
      name: 'flush',
      text: `insert into messages (conversation, seq, id, text)
             select * from unnest($1::text[], $2::int[], $3::text[], $4::text[])`,
      values: [
        batch.map((one) => one.conversation),
        batch.map((one) => one.seq),
        batch.map((one) => one.id),
        batch.map((one) => one.text),
      ],
    });
    for (const { conversation, seq, id, text, from } of batch) {
      from.send(`{"ack":"${id}","seq":${seq}}`);
      agents.get(conversation)?.send(`{"seq":${seq},"id":"${id}","text":${JSON.stringify(text)}}`);
    }
  }
  flushing = false;
}

const http = createServer((_request, response) => response.end('ok'));
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const conversation = searchParams.get('conversation') ?? '';
  if (searchParams.get('side') === 'agent') {
    agents.set(conversation, socket);
    return;
  }
  socket.on('message', (data) => {
    const { id, text } = JSON.parse(String(data)) as { id: string; text: string };
    const seq = (seqs.get(conversation) ?? 0) + 1;
    seqs.set(conversation, seq);
    waiting.push({ conversation, seq, id, text, from: socket });
    if (!flushing) setImmediate(() => void (flushing || flush()));
  });
});
http.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
