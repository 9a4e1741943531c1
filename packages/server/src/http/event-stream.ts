import type { ConversationId, Logged } from '@baton/core';
import type { EventItem } from '@baton/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { eventsAfter } from '#store/conversations.ts';
import type { HttpDeps } from './deps.ts';
import { HttpProblem } from './problems.ts';

/** Something goes over the line at least this often, so that proxies keep it and a dead reader is noticed. */
const BEAT_MS = 10_000;
/** Events read at once. */
const PAGE = 200;
/** When a reader whose line broke is asked to come back. */
const RETRY_MS = 2_000;
/** While there is something to tell, who reads is asked for this often; else with each beat. */
const CHECK_MS = 1_000;

interface Stream {
  conversation: ConversationId;
  /** seq after which to begin; a `Last-Event-ID` of a reader who comes back counts more. */
  after: number;
  /** Null: not for this reader. */
  present: (logged: Logged) => EventItem | null;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * The timeline as server-sent events that stay open: what is there after `after`, then what comes. Each event once and in
 * order, read from the log, so that nothing is lost between the two. Ends when the reader goes, and when his key or login
 * is no longer good.
 */
export async function streamEvents(
  deps: HttpDeps,
  { conversation, after, present, request, reply }: Stream,
): Promise<void> {
  let seq = lastEventId(request) ?? after;
  const socket = reply.raw;
  reply.hijack();
  socket.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  socket.write(`retry: ${RETRY_MS}\n\n`);

  let wake = () => {};
  let news = true;
  // He may have gone while it was looked up who he is.
  let open = !socket.destroyed;
  let knownAt = performance.now();
  const rouse = () => {
    news = true;
    wake();
  };
  const stop = deps.follow(conversation, rouse);
  const beat = setInterval(() => {
    socket.write(': still here\n\n');
    // Another node may have written: a look at the log costs little.
    rouse();
  }, BEAT_MS);
  // He is gone, or we are about to be: then he comes back to another node, or to this one when it is up again.
  const leave = () => {
    open = false;
    wake();
  };
  socket.on('close', leave);
  request.server.closing.addEventListener('abort', leave);
  try {
    while (open) {
      news = false;
      if (performance.now() - knownAt > CHECK_MS) {
        if ((await deps.auth.authenticate(request.headers)).kind === 'unknown') break;
        knownAt = performance.now();
      }
      seq = await writePages(deps, socket, conversation, seq, present, () => open);
      if (open && !news) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (news || !open) resolve();
        });
      }
    }
  } catch (error) {
    // The reader comes back with the last id he saw.
    deps.log.warn({ error, conversation }, 'an event stream was cut');
    socket.destroy();
  } finally {
    stop();
    request.server.closing.removeEventListener('abort', leave);
    clearInterval(beat);
    socket.end();
  }
}

async function writePages(
  deps: HttpDeps,
  socket: FastifyReply['raw'],
  conversation: ConversationId,
  from: number,
  present: Stream['present'],
  open: () => boolean,
): Promise<number> {
  let seq = from;
  for (;;) {
    const page = await eventsAfter(deps.pool, conversation, seq, PAGE);
    for (const logged of page) {
      seq = logged.seq;
      const item = present(logged);
      if (item === null || !open()) continue;
      if (!socket.write(`id: ${seq}\ndata: ${JSON.stringify(item)}\n\n`)) await drained(socket);
    }
    if (page.length < PAGE || !open()) return seq;
  }
}

/** A slow reader is waited for: nothing piles up here. */
function drained(socket: FastifyReply['raw']): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}

function lastEventId(request: FastifyRequest): number | null {
  const id = request.headers['last-event-id'];
  if (id === undefined || id === '') return null;
  if (typeof id === 'string' && /^\d{1,9}$/.test(id)) return Number(id);
  throw new HttpProblem('bad_request', 'Last-Event-ID is the seq of the last event that you saw.');
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Aborted when the server begins to close, before it waits for its connections. */
    closing: AbortSignal;
  }
}
