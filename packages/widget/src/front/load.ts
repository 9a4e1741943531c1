import type { ChatModule } from './entry.ts';

/** What is in `widget-chat.js`, in a few letters; put in by the build. */
declare const CHAT_VERSION: string;

/** A load that failed is tried again after a pause that doubles, up to this. */
const FIRST_MS = 500;
const MOST_MS = 10_000;

/** Loads the chat, however long the network takes to be there. */
export async function loadChat(host: string): Promise<ChatModule> {
  const address = `${host}/widget-chat.js?v=${CHAT_VERSION}`;
  for (let tries = 0; ; tries++) {
    try {
      // Browsers remember that a module could not be loaded: the next try has another address.
      return await import(/* @vite-ignore */ tries === 0 ? address : `${address}&try=${tries}`);
    } catch {
      await pause(Math.min(MOST_MS, FIRST_MS * 2 ** tries));
    }
  }
}

/** Over early when the network comes back. */
function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}
