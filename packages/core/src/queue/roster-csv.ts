import { dayOf } from '#calendar.ts';
import type { AgentId } from '#ids.ts';
import { faultOfShift, overlapIn, type Shift } from './roster.ts';
import { DAY, faultOfZone, firstAt, lastAt, MINUTE, minutesOf } from './zone.ts';

/** What the first line of a roster file names. `zone` may be left out where a zone is given with the file. */
const COLUMNS = ['agent', 'date', 'from', 'to', 'zone'] as const;
type Column = (typeof COLUMNS)[number];

/** Longer files are no plan of people's work but a mistake. */
const MOST_LINES = 20_000;
/** More of them are not read by anybody; the first ones say what is wrong. */
const MOST_FAULTS = 100;

/** What is wrong with one line, counted from 1 as an editor does. */
export interface LineFault {
  line: number;
  fault: string;
}

/** A shift of a file: by whose clocks, and in which line. */
export interface RosterShift extends Shift {
  zone: string;
  line: number;
}

interface Line {
  line: number;
  fields: string[];
}

/**
 * A roster as people keep it: `agent,date,from,to,zone`, one shift a line, columns in any order, with comma, semicolon or
 * tab between them. A `to` that is not later than `from` ends on the next day. Gaps are fine; what overlaps is refused.
 *
 * @param agentNamed an agent by email address or id; null: there is none
 * @param zone for lines that name none
 * @returns the shifts, or everything that is wrong, in order of lines
 */
export function parseRoster(
  text: string,
  agentNamed: (name: string) => AgentId | null,
  zone: string | null,
): { shifts: RosterShift[] } | { faults: LineFault[] } {
  const [header, ...lines] = readLines(text);
  if (!header) return { faults: [{ line: 1, fault: 'The file is empty. Its first line is: agent,date,from,to,zone' }] };
  if (lines.length > MOST_LINES)
    return { faults: [{ line: header.line, fault: `The file has more than ${MOST_LINES} lines. Split it.` }] };
  const names = header.fields.map((name) => name.toLowerCase());
  const missing = COLUMNS.filter((column) => column !== 'zone' && !names.includes(column));
  if (missing.length > 0)
    return {
      faults: [
        { line: header.line, fault: `Columns are missing: ${missing.join(', ')}. The first line names them all.` },
      ],
    };
  const faults: LineFault[] = [];
  const shifts: RosterShift[] = [];
  for (const { line, fields } of lines) {
    const shift = shiftOf((column) => fields[names.indexOf(column)] ?? '', agentNamed, zone);
    if (typeof shift === 'string') faults.push({ line, fault: shift });
    else shifts.push({ ...shift, line });
  }
  const overlap = overlapIn(shifts);
  if (overlap)
    faults.push({
      line: overlap[1].line,
      fault: `This shift overlaps the one in line ${overlap[0].line}. An agent has one shift at a time.`,
    });
  if (faults.length > 0) return { faults: faults.sort((a, b) => a.line - b.line).slice(0, MOST_FAULTS) };
  return { shifts };
}

function shiftOf(
  field: (column: Column) => string,
  agentNamed: (name: string) => AgentId | null,
  usual: string | null,
): Omit<RosterShift, 'line'> | string {
  const name = field('agent');
  const agent = agentNamed(name);
  if (agent === null) return `There is no agent "${name}". Write the email address he logs in with.`;
  const zone = field('zone') || usual;
  if (!zone) return 'It names no time zone. Add a column zone with its IANA name, such as Europe/Berlin.';
  const wrong = faultOfZone(zone);
  if (wrong) return wrong;
  const day = dayOf(field('date'));
  if (day === null) return `"${field('date')}" is no date. Write it as 2026-12-24.`;
  const from = minutesOf(field('from'));
  const to = minutesOf(field('to'));
  if (from === null) return `"${field('from')}" is no time. Write it as 09:00.`;
  if (to === null) return `"${field('to')}" is no time. Write it as 17:00.`;
  if (from === to) return 'It begins and ends at the same time.';
  const shift = shiftAt(zone, day, from, to);
  return faultOfShift(shift) ?? { agent, ...shift, zone };
}

/** A shift of a day by the clocks of its zone; one that crosses midnight ends on the next day. */
function shiftAt(zone: string, day: number, from: number, to: number): Pick<Shift, 'startsAt' | 'endsAt'> {
  const end = to > from ? day : day + 1;
  return { startsAt: firstAt(zone, day * DAY + from * MINUTE), endsAt: lastAt(zone, end * DAY + to * MINUTE) };
}

/** Lines with something in them. Quotes may stand around a field; a field holds no line break. */
function readLines(text: string): Line[] {
  const lines = text
    .replace(/^\u{FEFF}/u, '')
    .split(/\r\n|\r|\n/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  const separator = [',', ';', '\t'].find((one) => lines[0]?.content.includes(one)) ?? ',';
  return lines.map(({ content, line }) => ({ line, fields: fieldsOf(content, separator) }));
}

function fieldsOf(content: string, separator: string): string[] {
  return content.split(separator).map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .replaceAll('""', '"')
      .trim(),
  );
}
