import type { ClientFrame, Problem, ServerFrameOf } from '@baton/protocol';
import type { Hello, Link, LinkEnd, LinkReports } from './link.ts';
import { isFrame, parseFrame } from './link.ts';
import { createSseReader } from './sse.ts';

export interface StreamAddresses {
  /** `GET`: server frames as server-sent events. `since` is a JSON object in the query. */
  stream: string;
  /** `POST {frames}`: client frames; the answer's `{frames}` has their acks and refusals. */
  frames: string;
}

/** Frames in one POST. */
const BATCH = 20;

/** Answers that speak of the connection. Any other 4xx speaks of the frames: they are refused, or they would be sent forever. */
const TROUBLE = new Set([401, 404, 405, 408, 429]);

export function openStream(
  fetch: typeof globalThis.fetch,
  addresses: StreamAddresses,
  hello: Hello,
  reports: LinkReports,
): Link {
  const abort = new AbortController();
  const waiting: ClientFrame[] = [];
  let posting = false;

  const end = (report: LinkEnd) => {
    if (abort.signal.aborted) return;
    abort.abort();
    reports.down(report);
  };
  const headers: Record<string, string> = hello.token ? { authorization: `Bearer ${hello.token}` } : {};
  const credentials = hello.token ? 'omit' : 'same-origin';

  const read = async () => {
    const response = await fetch(`${addresses.stream}?${query(hello)}`, {
      headers: { ...headers, accept: 'text/event-stream' },
      credentials,
      cache: 'no-store',
      signal: abort.signal,
    });
    if (!response.ok || !response.body) return end(endOf(response));
    const events = createSseReader();
    const text = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (abort.signal.aborted) return;
      if (done) return end({ why: 'lost' });
      reports.alive();
      for (const data of events(text.decode(value, { stream: true }))) {
        const frame = parseFrame(data);
        if (frame && !abort.signal.aborted) reports.frame(frame);
      }
    }
  };

  // One POST at a time: two at once could overtake each other.
  const post = async () => {
    if (posting) return;
    posting = true;
    while (waiting.length > 0 && !abort.signal.aborted) {
      const frames = waiting.splice(0, BATCH);
      const response = await fetch(addresses.frames, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        credentials,
        body: JSON.stringify({ frames }),
        signal: abort.signal,
      });
      if (TROUBLE.has(response.status) || response.status >= 500) return end(endOf(response));
      const answer: unknown = await response.json();
      if (!response.ok) for (const frame of frames) reports.frame(refusalOf(frame, answer));
      for (const frame of framesOf(answer)) if (!abort.signal.aborted) reports.frame(frame);
    }
    posting = false;
  };

  read().catch(() => end({ why: 'lost' }));
  return {
    over: 'stream',
    send(frames) {
      waiting.push(...frames);
      post().catch(() => end({ why: 'lost' }));
    },
    close: () => abort.abort(),
  };
}

function query(hello: Hello): string {
  const query = new URLSearchParams();
  if (hello.since) query.set('since', JSON.stringify(hello.since));
  if (hello.inbox) query.set('inbox', 'true');
  return query.toString();
}

function refusalOf(frame: ClientFrame, problem: unknown): ServerFrameOf<'refused'> {
  const { code = 'bad_frame', detail = 'The server did not take this.' } = (problem ?? {}) as Partial<Problem>;
  const clientId = 'clientId' in frame && frame.clientId ? { clientId: frame.clientId } : {};
  return { type: 'refused', code, message: detail, ...clientId, ...(frame.id ? { id: frame.id } : {}) };
}

function framesOf(answer: unknown) {
  const frames = typeof answer === 'object' && answer !== null && 'frames' in answer ? answer.frames : [];
  return Array.isArray(frames) ? frames.filter(isFrame) : [];
}

function endOf(response: Response): LinkEnd {
  if (response.status === 401) return { why: 'unauthorized' };
  if (response.status === 404 || response.status === 405) return { why: 'missing' };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? { why: 'lost', retryAfterMs: seconds * 1_000 } : { why: 'lost' };
}
