import { ClientFrame } from '@baton/protocol/schemas';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { garbage, type Ids, nearlyOf, validOf } from './arbitrary.ts';
import { type Edge, type Faults, HANG_MS } from './faults.ts';

/** Who sends: a path, its headers, and the token of its hello. */
export interface FrameSender {
  name: string;
  path: string;
  headers: Record<string, string>;
  token: string | null;
}

/** How many frames go out before an answer is waited for. */
const BATCH = 40;
/** Closes that say what was wrong. 1006 and 1011 would be ours to explain. */
const SAID = new Set([1000, 1001, 1003, 1007, 1008, 1009, 1012, 4401]);

/** Every frame of the schema over real sockets, as each kind of sender; also in place of the hello. */
export function frameEdge(url: string, senders: readonly FrameSender[], ids: Ids, faults: Faults): Edge {
  const good = validOf(z.toJSONSchema(ClientFrame, { io: 'input' }), ids);
  const text = (value: unknown) => JSON.stringify(value) ?? '';
  const frames = fc.oneof(
    { weight: 60, arbitrary: good.map(text) },
    { weight: 60, arbitrary: nearlyOf(good).map(text) },
    { weight: 8, arbitrary: garbage.map((bytes) => bytes.toString('utf8')) },
    { weight: 1, arbitrary: garbage },
  );
  return {
    name: 'frames',
    weight: 40,
    async run(inputs, seed, count) {
      const each = Math.ceil(inputs / senders.length);
      await Promise.all(
        senders.map(async (sender, index) => {
          const all = fc.sample(frames, { numRuns: each, seed: seed + index });
          for (let at = 0; at < all.length; at += BATCH)
            await sendBatch(url, sender, all.slice(at, at + BATCH), at % (BATCH * 5) === 0, faults, count);
        }),
      );
    },
  };
}

/** One connection: hello (or not), the frames, then a ping that must be answered, or a close that says why. */
function sendBatch(
  url: string,
  sender: FrameSender,
  frames: readonly (string | Buffer)[],
  rude: boolean,
  faults: Faults,
  count: (answer: string) => void,
): Promise<void> {
  const told = () => `${sender.name}: ${frames.map(String).join('\n').slice(0, 1_400)}`;
  return new Promise((resolve) => {
    const ws = new WebSocket(url.replace('http', 'ws') + sender.path, { headers: sender.headers });
    let closing = false;
    const timer = setTimeout(() => {
      faults.add('frames', `${sender.name}: no answer within ${HANG_MS / 1_000} s`, told());
      ws.terminate();
    }, HANG_MS);
    ws.on('open', () => {
      if (!rude) ws.send(JSON.stringify({ type: 'hello', ...(sender.token ? { token: sender.token } : {}) }));
      for (const frame of frames) ws.send(frame);
      ws.send('{"type":"ping"}');
    });
    ws.on('message', (data) => {
      const frame = JSON.parse(String(data)) as { type: string; code?: string; message?: string };
      if (frame.type === 'refused') {
        count(`refused ${frame.code}`);
        if (frame.code === 'internal' || frame.code === 'unavailable')
          faults.add('frames', `${sender.name}: refused ${frame.code}`, told());
      } else if (frame.type === 'ack') count('ack');
      else if (frame.type === 'pong') {
        // What is still under way is answered after it.
        setTimeout(() => {
          closing = true;
          ws.close();
        }, 20);
      }
    });
    ws.on('error', () => undefined);
    ws.on('close', (code) => {
      clearTimeout(timer);
      if (!closing) count(`closed ${code}`);
      if (!closing && !SAID.has(code)) faults.add('frames', `${sender.name}: closed with ${code}`, told());
      resolve();
    });
  });
}
