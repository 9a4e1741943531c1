import { Agent, request } from 'node:http';

/** HTTP with as little as possible between the clock and the server: connections stay open. */
export class Requests {
  readonly #agent: Agent;
  readonly #base: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(base: string, headers: Readonly<Record<string, string>> = {}, connections = 64) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.#base = base;
    this.#headers = headers;
  }

  /** GETs, reads all of it, and answers with the milliseconds that took. Throws where the answer is not 200. */
  get(path: string): Promise<number> {
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request(this.#base + path, { agent: this.#agent, headers: this.#headers }, (answer) => {
        answer.on('data', () => undefined);
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(performance.now() - began);
          else reject(new Error(`GET ${path}: ${answer.statusCode}`));
        });
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
