// Which kinds of files are taken, and how each is told apart.
import { extname } from 'node:path';

/**
 * What is taken: nothing that a browser would run, no HTML, no SVG, no scripts. Beside each how its names end: the first is
 * given to a name that ends otherwise.
 */
const ENDINGS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  'image/png': ['.png'],
  'image/jpeg': ['.jpg', '.jpeg', '.jfif'],
  'image/gif': ['.gif'],
  'image/webp': ['.webp'],
  'image/heic': ['.heic', '.heif'],
  'application/pdf': ['.pdf'],
  'text/plain': ['.txt', '.log', '.md', '.csv', '.json'],
  'text/csv': ['.csv', '.txt'],
  'application/json': ['.json', '.txt'],
  'application/zip': ['.zip'],
  'application/rtf': ['.rtf'],
  'application/msword': ['.doc'],
  'application/vnd.ms-excel': ['.xls', '.csv'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['.docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['.xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['.pptx'],
  'audio/mpeg': ['.mp3'],
  'audio/mp4': ['.m4a', '.mp4'],
  'audio/ogg': ['.ogg', '.oga', '.opus'],
  'audio/webm': ['.weba', '.webm'],
  'video/mp4': ['.mp4', '.m4v'],
  'video/webm': ['.webm'],
  'video/quicktime': ['.mov'],
};

export const FILE_TYPES: ReadonlySet<string> = new Set(Object.keys(ENDINGS));

/** Pictures that browsers may show in place; everything else is offered for saving. */
export const SHOWN_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** First bytes of what is shown in place: a page must not come as a picture. */
const MAGIC: readonly [mime: string, at: number, bytes: string][] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
];

/** Does it begin as its kind does? `head`: its first 16 bytes as latin1. True for kinds that are only saved. */
export function looksLike(mime: string, head: string): boolean {
  return !SHOWN_TYPES.has(mime) || MAGIC.some(([known, at, bytes]) => known === mime && head.startsWith(bytes, at));
}

/** Kinds by ending; where two share one, the kind whose own it is. */
const BY_ENDING = new Map(
  Object.entries(ENDINGS)
    .flatMap(([mime, endings]) => endings.map((ending, rank) => ({ mime, ending, rank })))
    .sort((a, b) => b.rank - a.rank)
    .map(({ mime, ending }) => [ending, mime]),
);

/** The type that the sender names; where it names none, by the ending of the name. */
export function typeOf(given: string, name: string): string {
  const mime = given.split(';')[0]?.trim().toLowerCase() ?? '';
  if (mime !== '' && mime !== 'application/octet-stream' && mime !== 'binary/octet-stream') return mime;
  return BY_ENDING.get(extname(name).toLowerCase()) ?? 'application/octet-stream';
}

/**
 * The name as a file of this kind may have it: what is saved is opened by its ending, so that `bill.exe`, said to be a
 * zip, is `bill.exe.zip`.
 */
export function namedAs(mime: string, name: string): string {
  const ending = extname(name).toLowerCase();
  const right = ENDINGS[mime];
  return ending === '' || right === undefined || right.includes(ending) ? name : name + right[0];
}
