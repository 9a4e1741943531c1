import type { RemoteFile } from '#ports/desk.ts';

/** The pictures that an agent pasted into his words: they stand in the HTML, beside the attachments. */
export function pictures(html: string): RemoteFile[] {
  return [...html.matchAll(/<img\b[^>]*?\ssrc\s*=\s*["']([^"']+)["']/gi)].flatMap(([, src = '']) => {
    const url = src.replaceAll('&amp;', '&');
    return /^https?:/.test(url) && URL.canParse(url) ? [{ url, name: nameIn(url) }] : [];
  });
}

/** A file's name where its address alone tells it. */
export function nameIn(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'file';
  } catch {
    return last;
  }
}
