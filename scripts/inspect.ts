// `npm run inspect -- --adapter desks/<vendor> --payload FILE`: what does Baton understand of a vendor's webhook? Says whether it is
// genuine, which events it holds, and what was ignored and why. Nothing is sent anywhere.
import { parseArgs } from 'node:util';
import { Complaint } from '#bench/simulate/complaint.ts';
import { DESKS } from '#server/adapters/registry.ts';
import type { DeskEvent } from '#server/ports/desk.ts';
import { command, fileOf } from './command.ts';

const USAGE = `npm run inspect -- --adapter desks/<vendor> --payload FILE [--headers FILE] [--secret S] [--at TIME] [--json]
  --payload   the body, byte for byte as it came; - reads standard input
  --headers   lines of "Name: value", or one JSON object
  --secret    checks whether the webhook is genuine; without it only what it says is read
  --at        when it came, like 2026-11-22T12:00:00Z (now): old signatures do not hold
Adapters: ${DESKS.map(({ kind }) => `desks/${kind}`).join(', ')}`;

function main(): void {
  const { values } = parseArgs({
    options: {
      adapter: { type: 'string' },
      payload: { type: 'string' },
      headers: { type: 'string' },
      secret: { type: 'string' },
      at: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const definition = DESKS.find(({ kind }) => values.adapter === `desks/${kind}`);
  const at = values.at === undefined ? Date.now() : Date.parse(values.at);
  if (!definition) throw new Complaint(`--adapter: give one of those below, not "${values.adapter ?? ''}".`);
  if (values.payload === undefined) throw new Complaint('--payload: name the file of the body.');
  if (Number.isNaN(at)) throw new Complaint(`--at: "${values.at}" is no time.`);
  const request = {
    method: 'POST',
    url: '/inbound/int_inspect',
    query: {},
    headers:
      values.headers === undefined ? {} : headersOf(new TextDecoder().decode(fileOf('--headers', values.headers))),
    body: fileOf('--payload', values.payload),
    at,
  };
  const { genuine, why, events } = definition.inspect(request, values.secret ?? null);
  const heard = events.filter((event) => event.type !== 'ignored');
  const ignored = events.filter((event) => event.type === 'ignored').map((event) => event.why);
  const told = { adapter: values.adapter, genuine, ...(why === undefined ? {} : { why }), events: heard, ignored };
  console.log(values.json ? JSON.stringify(told, null, 2) : readable(told));
}

function readable({
  genuine,
  why,
  events,
  ignored,
}: {
  genuine: boolean | null;
  why?: string;
  events: DeskEvent[];
  ignored: string[];
}): string {
  const proof =
    genuine === null ? 'not checked (no --secret)' : genuine ? 'yes' : `no${why === undefined ? '' : `: ${why}`}`;
  const lines = [`genuine: ${proof}`];
  for (const { type, ...event } of events) {
    lines.push(type);
    for (const [name, value] of Object.entries(event))
      lines.push(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  for (const reason of ignored) lines.push(`ignored: ${reason}`);
  return lines.join('\n');
}

/** As copied from a log or a browser, or as JSON. Names in lower case. */
function headersOf(text: string): Record<string, string> {
  const entries: [string, string][] = text.trimStart().startsWith('{')
    ? Object.entries(jsonOf(text) as Record<string, string>)
    : text.split(/\r?\n/).flatMap((line) => {
        const at = line.indexOf(':', 1);
        return at === -1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as [string, string]];
      });
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function jsonOf(text: string): object {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Complaint(`--headers: neither lines of "Name: value" nor JSON: ${(error as Error).message}.`);
  }
}

await command('inspect', USAGE, main);
