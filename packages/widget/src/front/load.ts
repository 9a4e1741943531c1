import type { ChatModule } from './entry.ts';

/** What is in `widget-chat.js`, in a few letters; put in by the build. */
declare const CHAT_VERSION: string;

/** A load that failed is tried again after a pause that doubles, up to this. */
const FIRST_MS = 500;
const MOST_MS = 10_000;

/** Loads the chat, however long the network takes to be there. */
export class Loader {
  readonly #address: string;
  readonly #failed: () => void;
  #hurry = () => {};

  /** @param failed told of each load that failed; the next one comes by itself */
  constructor(host: string, failed: () => void) {
    this.#address = `${host}/widget-chat.js?v=${CHAT_VERSION}`;
    this.#failed = failed;
  }

  async load(): Promise<ChatModule> {
    for (let tries = 0; ; tries++) {
      try {
        // Browsers remember that a module could not be loaded: the next try has another address.
        return await import(/* @vite-ignore */ tries === 0 ? this.#address : `${this.#address}&try=${tries}`);
      } catch {
        this.#failed();
        await this.#pause(Math.min(MOST_MS, FIRST_MS * 2 ** tries));
      }
    }
  }

  /** The next try is made now. */
  hurry(): void {
    this.#hurry();
  }

  /** Over early when the network comes back, or somebody does not want to wait. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        removeEventListener('online', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      addEventListener('online', done);
      this.#hurry = done;
    });
  }
}
