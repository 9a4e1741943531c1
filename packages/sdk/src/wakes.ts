/**
 * Calls `wake` when trying again is worth it: the network is back, the tab is shown, the page came back from the
 * back-forward cache. Returns the way to stop. Outside a browser it never calls.
 */
export function browserWakes(wake: () => void): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
  const shown = () => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('online', wake);
  window.addEventListener('pageshow', wake);
  document.addEventListener('visibilitychange', shown);
  return () => {
    window.removeEventListener('online', wake);
    window.removeEventListener('pageshow', wake);
    document.removeEventListener('visibilitychange', shown);
  };
}
