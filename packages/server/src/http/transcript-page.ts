import type { Part, TranscriptLine } from '@baton/core';
import { escapeHtml, fill, page } from './documentation.ts';

/** The page's own style, pictures that were sent, nothing else: no script, whatever somebody wrote. */
export const TRANSCRIPT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-modals";

/** A transcript as a page: a heading a day, then who said what at what time (UTC). */
export function transcriptPage(lines: readonly TranscriptLine[]): string {
  const days = Map.groupBy(lines, ({ at }) => new Date(at).toISOString().slice(0, 10));
  const body = [...days].map(
    ([day, said]) => `<section><h2>${dayName(day)}</h2><ol>${said.map(entry).join('')}</ol></section>`,
  );
  const count = lines.filter(({ role }) => role !== 'system').length;
  return fill(page('transcript.html'), {
    count: `${count} ${count === 1 ? 'message' : 'messages'}`,
    body: body.length === 0 ? '<p>Nothing has been said yet.</p>' : body.join(''),
  });
}

function entry({ role, name, text, parts = [], at }: TranscriptLine): string {
  const time = new Date(at).toISOString();
  const clock = `<time datetime="${time}">${time.slice(11, 16)}</time>`;
  if (role === 'system') return `<li class="system">${clock} <span>${lineBreaks(text)}</span></li>`;
  const who = `<strong>${escapeHtml(name ?? ROLES[role])}</strong> <span class="role">${ROLES[role]}</span>`;
  const words = text === '' ? '' : `<p>${lineBreaks(text)}</p>`;
  return `<li class="${role}"><div class="who">${who} ${clock}</div>${words}${parts.map(extra).join('')}</li>`;
}

const ROLES = { customer: 'Customer', bot: 'Bot', agent: 'Agent', system: 'Baton' } as const;

/** What is more than words; the words of a card are in the text already. */
function extra(part: Part): string {
  switch (part.type) {
    case 'file':
      return `<p class="file">${link(part.file.url, part.file.name)} <span>${part.file.mime}, ${size(part.file.size)}</span></p>`;
    case 'choices':
      return `<p class="choices">${part.choices.map(({ label }) => `<span>${escapeHtml(label)}</span>`).join(' ')}</p>`;
    case 'form':
      return `<p class="choices">${part.fields.map(({ label }) => `<span>${escapeHtml(label)}</span>`).join(' ')}</p>`;
    case 'card':
      return part.url === undefined ? '' : `<p class="file">${link(part.url, part.url)}</p>`;
    case 'text':
      return '';
  }
}

function link(url: string, text: string): string {
  if (!/^https?:\/\//.test(url)) return escapeHtml(text);
  return `<a href="${escapeHtml(url)}" rel="noreferrer nofollow" target="_blank">${escapeHtml(text)}</a>`;
}

function lineBreaks(text: string): string {
  return escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');
}

function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' });

function dayName(day: string): string {
  return DAY.format(new Date(`${day}T00:00:00Z`));
}
