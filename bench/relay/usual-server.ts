// A durable relay as most teams write it first, with care and with the usual tools: Socket.IO with rooms and
// acknowledgements, a pool of connections, a transaction for each message that reads the conversation, stores the
// message and moves the conversation on.
import { createServer } from 'node:http';
import pg from 'pg';
import { Server } from 'socket.io';

interface Message {
  id: string;
  text: string;
}

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
await pool.query(`
  create table conversations (id text primary key, status text not null default 'open', last_seq int not null default 0,
    last_message_at timestamptz);
  create table messages (id bigserial primary key, conversation_id text not null references conversations,
    seq int not null, client_id text not null, sender text not null, body text not null,
    created_at timestamptz not null default now(), unique (conversation_id, client_id));
  create index messages_conversation on messages (conversation_id, seq);`);

async function store(conversation: string, { id, text }: Message): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ status: string; last_seq: number }>(
      'select status, last_seq from conversations where id = $1 for update',
      [conversation],
    );
    const [head] = rows;
    if (head?.status !== 'open') throw new Error('The conversation is closed.');
    const seq = head.last_seq + 1;
    await client.query(
      'insert into messages (conversation_id, seq, client_id, sender, body) values ($1, $2, $3, $4, $5)',
      [conversation, seq, id, 'customer', text],
    );
    await client.query('update conversations set last_seq = $2, last_message_at = now() where id = $1', [
      conversation,
      seq,
    ]);
    await client.query('commit');
    return seq;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const http = createServer((_request, response) => response.end('ok'));
const io = new Server(http, { serveClient: false });
io.on('connection', async (socket) => {
  const { conversation, side } = socket.handshake.query as { conversation: string; side: string };
  socket.on('message', async (message: Message, acknowledge: (answer: { id: string; seq: number }) => void) => {
    const seq = await store(conversation, message);
    acknowledge({ id: message.id, seq });
    io.to(`agents:${conversation}`).emit('message', { ...message, conversation, seq });
  });
  if (side === 'agent') await socket.join(`agents:${conversation}`);
  else await pool.query('insert into conversations (id) values ($1) on conflict do nothing', [conversation]);
  socket.emit('ready');
});
http.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
