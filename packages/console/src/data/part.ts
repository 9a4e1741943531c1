import { t } from '#strings/strings.ts';

const KEY = 'baton.reloaded';
/** A page that was reloaded for a part and still cannot load it is not reloaded again before this has passed. */
const AGAIN_MS = 60_000;

/**
 * A part of the console that few open, loaded when it is wanted. After an update of the server the part of the old console is
 * gone: the page loads itself anew, once; drafts and what is not sent yet are kept. Without a connection the page must stay
 * as it is, with the conversations that are open in it.
 */
export function part<M>(load: () => Promise<M>): () => Promise<M> {
  return () =>
    load().catch(async () => {
      if (!reloadedLately() && (await isReachable())) {
        sessionStorage.setItem(KEY, String(Date.now()));
        location.reload();
        return await new Promise<M>(() => {});
      }
      // No browser's or bundler's words: the router would reload the page over some of them.
      throw new Error(t.failure.part);
    });
}

/** Does the server answer, whatever it says? */
export async function isReachable(): Promise<boolean> {
  return await fetch('/v1/session').then(
    () => true,
    () => false,
  );
}

function reloadedLately(): boolean {
  return Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < AGAIN_MS;
}
