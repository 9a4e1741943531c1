import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A network between a browser and the server that can be lost: what a browser itself calls "offline" leaves sockets open
 * that stand already.
 */
export class Gate {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #lost = false;

  private constructor(server: Server, port: number, to: URL) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    server.on('connection', (near) => this.#pass(near, connect(Number(to.port), to.hostname)));
  }

  static async before(target: string): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The gate has no port.');
    return new Gate(server, address.port, new URL(target));
  }

  /** Nothing passes any more, and what was under way is gone. */
  lose(): void {
    this.#lost = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  find(): void {
    this.#lost = false;
  }

  close(): void {
    this.lose();
    this.#server.close();
  }

  #pass(near: Socket, far: Socket): void {
    if (this.#lost) {
      near.destroy();
      far.destroy();
      return;
    }
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
