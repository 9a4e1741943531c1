import type { Adapter } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import type { Field } from './config-fields.ts';

const words = t.settings.desks;

export type SetupStep = Adapter['setup'][number];

/**
 * The steps before a desk can be made, and those that need its address. Whatever is required and named by no step, or only by a
 * later one, is asked for before.
 */
export function setupSteps(
  { setup }: Pick<Adapter, 'setup'>,
  fields: readonly Field[],
): { before: SetupStep[]; after: SetupStep[] } {
  const turn = setup.findIndex(({ shows }) => shows !== null);
  const cut = turn === -1 ? setup.length : turn;
  const before = setup.slice(0, cut);
  const asked = new Set(before.flatMap((step) => step.fields));
  const missing = fields.flatMap(({ name, required, later, usual }) =>
    required && !later && usual === undefined && !asked.has(name) ? [name] : [],
  );
  const needed: SetupStep = { title: words.alsoNeeded, text: '', fields: missing, shows: null };
  const after = setup
    .slice(cut)
    .map((step) => ({ ...step, fields: step.fields.filter((name) => !missing.includes(name)) }));
  const address: SetupStep = { title: words.inboundUrl, text: '', fields: [], shows: 'inboundUrl' };
  return {
    before: missing.length > 0 || before.length === 0 ? [...before, needed] : before,
    after: after.length > 0 ? after : [address],
  };
}
