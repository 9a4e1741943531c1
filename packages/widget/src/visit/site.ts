/** Which site this is, and where its Baton lives. Named by the script tag. */
export interface Site {
  key: string;
  /** Origin of the server that served the script, without a slash at the end. */
  host: string;
  /** JWT by which the site's backend vouches for the visitor. */
  identity: string | null;
  /** Languages of the page and the browser, best first. */
  locale: string;
}

export function addressesOf(host: string) {
  const base = `${host}/widget/v1`;
  return {
    sessions: `${base}/sessions`,
    files: `${base}/files`,
    events: (conversation: string) => `${base}/conversations/${encodeURIComponent(conversation)}/events`,
    feed: { socket: `${base.replace(/^http/, 'ws')}/realtime`, stream: `${base}/stream`, frames: `${base}/frames` },
  };
}

/** An address that the server named; null when it is not one that a page may open. */
export function safeUrl(url: string, host: string): string | null {
  try {
    const address = new URL(url, `${host}/`);
    return address.protocol === 'https:' || address.protocol === 'http:' ? address.href : null;
  } catch {
    return null;
  }
}

/** Where the visitor is, within the limits of the protocol. */
export function pageOf(): { url: string; title: string } {
  return { url: location.href.slice(0, 2_000), title: document.title.slice(0, 300) };
}
