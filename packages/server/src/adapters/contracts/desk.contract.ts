import { appendFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject } from 'vitest';
import type { DeskTwin } from '#kit/desk-twin.ts';
import { agents } from './desk-agents.contract.ts';
import { capabilities } from './desk-capabilities.contract.ts';
import { failures, hanging } from './desk-failures.contract.ts';
import { messages } from './desk-messages.contract.ts';
import { opening } from './desk-opening.contract.ts';
import { returns } from './desk-return.contract.ts';
import type { DeskSubject } from './desk-subject.ts';
import { webhooks } from './desk-webhooks.contract.ts';

export type { DeskSubject } from './desk-subject.ts';

/**
 * What every desk does, whoever made it: the definition of a desk's adapter. It runs against the vendor's twin; what a desk
 * declares that it cannot do (`can`) is shown to be absent.
 */
export function deskContract(name: string, { create }: { create: CreateDesk }): void {
  /** Its own subject for each test. */
  const subjects = (timeoutSeconds: number) => {
    let subject: DeskSubject;
    beforeEach(async () => {
      subject = await create(timeoutSeconds);
    });
    afterEach(() => {
      record(subject.twin);
      return subject.close();
    });
    return () => subject;
  };

  describe(`${name} is a desk`, () => {
    const get = subjects(PATIENT_SECONDS);
    for (const part of [webhooks, opening, messages, agents, returns, failures, capabilities]) part(get);
  });
  describe(`${name} hangs`, () => hanging(subjects(1)));
}

/** As long as usual: on a machine that is busy for a moment less would be a desk that does not answer. */
export const PATIENT_SECONDS = 15;

/** `timeoutSeconds`: the time limit of each of the desk's calls. */
type CreateDesk = (timeoutSeconds: number) => Promise<DeskSubject>;

/** Writes down what was sent to the vendor, for the check against the vendor's own description of its API. */
function record({ calls }: DeskTwin): void {
  const folder = inject('recordCalls');
  if (folder === '') return;
  const kind = basename(dirname(expect.getState().testPath ?? ''));
  const lines = calls.map(({ method, path, query, headers, text }) =>
    JSON.stringify({ method, path, query: [...query], contentType: headers['content-type'] ?? null, body: text }),
  );
  appendFileSync(join(folder, `${kind}.jsonl`), lines.map((line) => `${line}\n`).join(''));
}
