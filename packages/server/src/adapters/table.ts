import type { ChannelCapabilities } from '#ports/channel.ts';
import type { DeskCapabilities } from '#ports/desk.ts';
import { DESKS, OWN_SIDES } from './registry.ts';

/** What each desk and channel can do, as Markdown, made of what the code declares. */
export function capabilityTables(): string {
  const desks = [...OWN_SIDES.desks, ...DESKS];
  return `# What each side can do

Made by \`npm run documents\` of the capabilities that the code declares; the contract shows each of them at work, and what is not declared to be absent.

## Desks

${table(
  ['', ...DESK_COLUMNS.map(([name]) => name)],
  desks.map(({ title, can }) => [title, ...DESK_COLUMNS.map(([, show]) => show(can))]),
)}

## Channels

${table(
  ['', ...CHANNEL_COLUMNS.map(([name]) => name)],
  OWN_SIDES.channels.map(({ title, can }) => [title, ...CHANNEL_COLUMNS.map(([, show]) => show(can))]),
)}
`;
}

/** Between these lines the README has the table of desks. */
const BEGINNING = '<!-- desks: made by `npm run documents` -->';
const END = '<!-- /desks -->';

/** The README with the table of desks as the code declares it. Throws where its place is gone. */
export function readmeWithDesks(readme: string): string {
  const begin = readme.indexOf(BEGINNING);
  const end = readme.indexOf(END);
  if (begin === -1 || end < begin)
    throw new Error(`README.md has no place for the table of desks: ${BEGINNING} ${END}`);
  return `${readme.slice(0, begin + BEGINNING.length)}\n\n${readmeTable()}\n\n${readme.slice(end)}`;
}

/** What decides where one hands over to; the whole table is capabilities.md. */
function readmeTable(): string {
  const columns: readonly [name: string, show: (can: DeskCapabilities) => string][] = [
    ['transcript', ({ transcript }) => (transcript === 'messages' ? 'messages' : 'note')],
    ['files', ({ files }) => (files === 'full' ? 'both ways' : 'links')],
    ['typing', ({ typing }) => yes(typing)],
    ['read marks', ({ readMarks }) => yes(readMarks)],
    ['who is there', ({ availability }) => yes(availability)],
    ['place and wait', ({ position }) => yes(position)],
    ['lost webhooks found', ({ poll, direct }) => (direct ? 'none to lose' : yes(poll))],
    ['back to the bot', ({ handBack }) => yes(handBack !== null)],
  ];
  const guides = DESKS.map(
    ({ kind, title, can }) => [`[${title}](packages/server/src/adapters/desks/${kind}/README.md)`, can] as const,
  );
  const own = OWN_SIDES.desks.map(({ title, can }) => [`**${title}**`, can] as const);
  return table(
    ['desk', ...columns.map(([name]) => name)],
    [...own, ...guides].map(([title, can]) => [title, ...columns.map(([, show]) => show(can))]),
  );
}

const yes = (has: boolean) => (has ? 'yes' : '–');

const DESK_COLUMNS: readonly [name: string, show: (can: DeskCapabilities) => string][] = [
  ['how', ({ direct }) => (direct ? 'the log itself' : 'API and webhooks')],
  ['transcript', ({ transcript }) => (transcript === 'messages' ? 'as messages' : 'as a note')],
  ['files', ({ files }) => (files === 'full' ? 'as files' : 'as links')],
  ['typing shown there', ({ typing }) => yes(typing)],
  ['reading shown there', ({ readMarks }) => yes(readMarks)],
  ['says who is there', ({ availability }) => yes(availability)],
  ['says place and wait', ({ position }) => yes(position)],
  ['tells', ({ tells }) => tells.join(', ') || '–'],
  ['lost webhooks found', ({ poll, direct }) => (direct ? 'none to lose' : yes(poll))],
  ['back to the bot', ({ handBack }) => handBack ?? '–'],
];

const CHANNEL_COLUMNS: readonly [name: string, show: (can: ChannelCapabilities) => string][] = [
  ['how', ({ direct }) => (direct ? 'the log itself' : 'API and webhooks')],
  ['choices', ({ choices }) => yes(choices)],
  ['typing', ({ typing }) => yes(typing)],
  ['reading', ({ readMarks }) => yes(readMarks)],
  ['files', ({ files }) => yes(files)],
  ['characters of a message', ({ maxText }) => String(maxText)],
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
