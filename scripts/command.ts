// How a command of ours takes what cannot be: in one line that says what to do, above its usage, without a stack. Exit code 2.
import { readFileSync } from 'node:fs';
import { Complaint } from '#bench/simulate/complaint.ts';
import { ConfigProblem } from '#server/ports/adapter.ts';

/** Runs it, or says how it is run (`--help`). What is no fault of the caller's is thrown on. */
export async function command(
  name: string,
  usage: string,
  run: () => void | Promise<void>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return console.log(usage);
  try {
    await run();
  } catch (error) {
    const said = complaintIn(error);
    if (said === null) throw error;
    console.error(`${name}: ${said}\n\n${usage}`);
    process.exitCode = 2;
  }
}

function complaintIn(error: unknown): string | null {
  if (error instanceof Complaint || error instanceof ConfigProblem) return error.message;
  const isOfOptions = error instanceof TypeError && String((error as { code?: unknown }).code).startsWith('ERR_PARSE_');
  return isOfOptions ? error.message : null;
}

/** The bytes of the file that an option names; - is standard input. Throws a `Complaint`. */
export function fileOf(option: string, file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file === '-' ? 0 : file));
  } catch (error) {
    throw new Complaint(`${option}: ${(error as Error).message}.`);
  }
}

/** A number above 0. Throws a `Complaint`. */
export function secondsOf(option: string, text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new Complaint(`${option}: give a number of seconds, not "${text}".`);
}
