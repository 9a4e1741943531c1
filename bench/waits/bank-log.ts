import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A call of a log in the Anonymous Bank format. Times in seconds since 1970, as the log's own clock shows them. */
export interface Call {
  id: string;
  type: string;
  /** 2 goes before others: 90 s. */
  priority: number;
  /** Time in the queue; null: it went through at once or never got so far. */
  queued: { from: number; to: number } | null;
  /** Null: the caller hung up. */
  service: { from: number; to: number; server: string | null } | null;
}

const COLUMNS = [
  'vru+line',
  'call_id',
  'customer_id',
  'priority',
  'type',
  'date',
  'vru_entry',
  'vru_exit',
  'vru_time',
  'q_start',
  'q_exit',
  'q_time',
  'outcome',
  'ser_start',
  'ser_exit',
  'ser_time',
  'server',
] as const;
type Column = (typeof COLUMNS)[number];

const DAY = 86_400;
const NEVER = '0:00:00';
const NO_SERVER = new Set(['', 'NO_SERVER']);

/**
 * Reads a log, plain or gzipped, columns separated by tabs. Calls that the telephone made up (PHANTOM) are left out.
 * @throws Error that names file and line, and what is wrong there
 */
export function readLog(path: string): Call[] {
  const bytes = readFileSync(path);
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head = '', ...lines] = text.split(/\r?\n/);
  const names = head.split('\t').map((name) => name.trim().toLowerCase());
  const missing = COLUMNS.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    throw new Error(
      `${path}:1 is no head of an Anonymous Bank log: columns ${missing.join(', ')} are missing (tabs between).`,
    );
  }
  const at = new Map(names.map((name, index) => [name, index]));
  const calls: Call[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const cells = line.split('\t');
    if (cells.length < COLUMNS.length)
      throw new Error(`${path}:${index + 2} has ${cells.length} columns, not ${COLUMNS.length}.`);
    const cell = (column: Column) => (cells[at.get(column) ?? -1] ?? '').trim();
    const call = callOf(cell, `${path}:${index + 2}`);
    if (call) calls.push(call);
  }
  if (calls.length === 0) throw new Error(`${path} has no calls.`);
  return calls;
}

function callOf(cell: (column: Column) => string, where: string): Call | null {
  const outcome = cell('outcome');
  if (outcome === 'PHANTOM') return null;
  if (outcome !== 'AGENT' && outcome !== 'HANG')
    throw new Error(`${where}: outcome is "${outcome}", not AGENT, HANG or PHANTOM.`);
  const midnight = dayOf(cell('date'), where);
  const entry = secondsOf(cell('vru_entry'), where, 'vru_entry');
  // A call that goes on after midnight shows times before its beginning.
  const moment = (column: Column) => {
    const seconds = secondsOf(cell(column), where, column);
    return midnight + (seconds < entry - DAY / 2 ? seconds + DAY : seconds);
  };
  const queued =
    numberOf(cell('q_time'), where, 'q_time') > 0 ? { from: moment('q_start'), to: moment('q_exit') } : null;
  if (queued && queued.to < queued.from) throw new Error(`${where}: q_exit is before q_start.`);
  const began = queued ? queued.to : moment('ser_start');
  const server = cell('server');
  const service =
    outcome === 'HANG'
      ? null
      : { from: began, to: Math.max(began + 1, moment('ser_exit')), server: NO_SERVER.has(server) ? null : server };
  const priority = numberOf(cell('priority'), where, 'priority');
  return {
    id: cell('call_id'),
    type: cell('type'),
    priority,
    queued,
    service: cell('ser_start') === NEVER && !queued ? null : service,
  };
}

/** @param text as in 990131; years from 70 on are of the last century */
function dayOf(text: string, where: string): number {
  const [, year, month, day] = /^(\d\d)(\d\d)(\d\d)$/.exec(text) ?? [];
  const full = Number(year) + (Number(year) < 70 ? 2_000 : 1_900);
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)));
  if (year === undefined || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    throw new Error(`${where}: date is "${text}", not a day as in 990131.`);
  }
  return date.getTime() / 1_000;
}

function secondsOf(text: string, where: string, column: Column): number {
  const [, hours, minutes, seconds] = /^(\d{1,2}):(\d\d):(\d\d)$/.exec(text) ?? [];
  if (hours === undefined || Number(minutes) > 59 || Number(seconds) > 59) {
    throw new Error(`${where}: ${column} is "${text}", not a time as in 9:05:00.`);
  }
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

function numberOf(text: string, where: string, column: Column): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`${where}: ${column} is "${text}", not a number.`);
  return value;
}
