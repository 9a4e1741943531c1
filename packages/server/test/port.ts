import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Where systems give out no ports by themselves (Linux from 32768 on, others from 49152): nobody who just connects somewhere takes
 * one while the program that it is meant for starts, or is down for a moment.
 */
const FROM = 20_000;
const BELOW = 32_000;
const TRIES = 50;

/** A port of 127.0.0.1 that nobody listens on: the one that is wanted, or any. */
export async function freePort(wanted?: number): Promise<number> {
  if (wanted !== undefined && (await isFree(wanted))) return wanted;
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FROM, BELOW);
    if (await isFree(port)) return port;
  }
  throw new Error(`Of ${TRIES} ports between ${FROM} and ${BELOW} none was free.`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
