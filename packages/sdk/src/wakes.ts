/** Of the window. */
const CHANGES = ['online', 'offline', 'pageshow'] as const;

/**
 * Calls `wake` when trying again is worth it, or a link that seems to live may be dead: the network is back or gone, the tab
 * is shown, the page came back from the back-forward cache. Returns the way to stop. Outside a browser it never calls.
 */
export function browserWakes(wake: () => void): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
  const shown = () => {
    if (document.visibilityState === 'visible') wake();
  };
  for (const change of CHANGES) window.addEventListener(change, wake);
  document.addEventListener('visibilitychange', shown);
  return () => {
    for (const change of CHANGES) window.removeEventListener(change, wake);
    document.removeEventListener('visibilitychange', shown);
  };
}
