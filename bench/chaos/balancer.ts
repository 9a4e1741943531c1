import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@baton/server/test/port.ts';

/** How long a node gets to take a connection before another is asked. */
const CONNECT_MS = 2_000;

/** A load balancer without a memory: each connection goes to any node that takes it. It can cut what goes through it. */
export class Balancer {
  readonly #server: Server;
  readonly #dice: () => number;
  readonly #pairs = new Set<{ client: Socket; node: Socket }>();
  #ports: readonly number[] = [];
  port = 0;

  constructor(dice: () => number) {
    this.#dice = dice;
    this.#server = createServer((client) => this.#take(client));
  }

  async start(): Promise<void> {
    this.port = await freePort();
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
  }

  send(ports: readonly number[]): void {
    this.#ports = ports;
  }

  get open(): number {
    return this.#pairs.size;
  }

  /** Ends a random share of all connections in both directions, without goodbye. Answers with how many. */
  cut(share: number): number {
    const some = [...this.#pairs].filter(() => this.#dice() < share);
    for (const { client, node } of some) {
      client.destroy();
      node.destroy();
    }
    return some.length;
  }

  async stop(): Promise<void> {
    this.cut(1);
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(client: Socket): void {
    client.on('error', () => undefined);
    const ports = [...this.#ports];
    const first = Math.floor(this.#dice() * ports.length);
    this.#try(client, [...ports.slice(first), ...ports.slice(0, first)]);
  }

  #try(client: Socket, ports: readonly number[]): void {
    const [port, ...others] = ports;
    if (port === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const node = connect(port, '127.0.0.1');
    const timer = setTimeout(() => node.destroy(new Error('too slow')), CONNECT_MS);
    node.on('error', () => undefined);
    const failed = () => {
      clearTimeout(timer);
      this.#try(client, others);
    };
    node.once('close', failed);
    node.once('connect', () => {
      clearTimeout(timer);
      node.off('close', failed);
      const pair = { client, node };
      this.#pairs.add(pair);
      client.setNoDelay(true);
      node.setNoDelay(true);
      client.pipe(node);
      node.pipe(client);
      const end = () => {
        this.#pairs.delete(pair);
        client.destroy();
        node.destroy();
      };
      client.once('close', end);
      node.once('close', end);
    });
  }
}
