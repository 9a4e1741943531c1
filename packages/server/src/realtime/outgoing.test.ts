import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { Outgoing } from './outgoing.ts';

const http = createServer();
const sockets = new WebSocketServer({ noServer: true });
let url: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterAll(() => {
  http.close();
  for (const ws of sockets.clients) ws.terminate();
});

/** A real client, and the server's way out to it. */
async function connected(): Promise<{ outgoing: Outgoing; heard(count: number): Promise<string[]> }> {
  const made = new Promise<Outgoing>((resolve) => {
    http.once('upgrade', (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, () => resolve(new Outgoing(socket)));
    });
  });
  const client = new WebSocket(url);
  const texts: string[] = [];
  const heard = (count: number) =>
    new Promise<string[]>((resolve) => {
      const look = () => texts.length >= count && resolve(texts);
      client.on('message', look);
      look();
    });
  client.on('message', (data) => texts.push(String(data)));
  return { outgoing: await made, heard };
}

/** A socket that only counts. */
class Counting extends Duplex {
  writes = 0;

  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    this.writes++;
    done();
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('what goes out to a socket', () => {
  test('texts of every length and script arrive whole and in order', async () => {
    const { outgoing, heard } = await connected();
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 1_000_000].map((length) => 'x'.repeat(length));
    const texts = [...lengths, 'ä€😀', 'ö'.repeat(62), 'ö'.repeat(63), '€'.repeat(22_000), 'ÿ', 'plain again'];
    for (const text of texts) outgoing.add(text);
    expect(await heard(texts.length)).toEqual(texts);
  });

  test('what is sent in one turn goes with one write', async () => {
    const socket = new Counting();
    const outgoing = new Outgoing(socket);
    outgoing.add('acknowledged');
    outgoing.add('and here it is');
    expect(outgoing.length).toBeGreaterThan(0);
    await turn();
    expect([socket.writes, outgoing.length]).toEqual([1, 0]);
    outgoing.add('later');
    await turn();
    expect(socket.writes).toBe(2);
  });

  test('hundreds of sockets at once: nobody is forgotten', async () => {
    const ends = Array.from({ length: 300 }, () => new Counting());
    const all = ends.map((socket) => new Outgoing(socket));
    for (const outgoing of all) outgoing.add('first');
    for (const outgoing of all) outgoing.add('second');
    await turn();
    expect(all.every((outgoing) => outgoing.length === 0)).toBe(true);
    expect(ends.every((socket) => socket.writes >= 1)).toBe(true);
  });

  test('a goodbye can be sent at once, and a socket that is gone is left alone', async () => {
    const socket = new Counting();
    const outgoing = new Outgoing(socket);
    outgoing.add('goodbye');
    outgoing.flush();
    expect(socket.writes).toBe(1);
    socket.destroy();
    outgoing.add('too late');
    await turn();
    expect(socket.writes).toBe(1);
  });
});
