import type { Control } from './state.ts';

/** A rule said no. Returned, never thrown. Codes are wire names: they stay. */
export const REFUSALS = {
  control_lost: 'Somebody else answers now; what you wrote was not sent.',
  not_found: 'There is no such conversation.',
  exists: 'This conversation exists already.',
  closed: 'This conversation is closed.',
  not_closed: 'Only a closed conversation can be rated.',
  already_rated: 'This conversation has been rated.',
  bad_rating: 'A rating is a whole number from 1 to 5.',
  empty: 'A message needs some text, a file, a card or a form.',
  too_long: 'The message is too long.',
  too_many_parts: 'The message has too many parts.',
  handoff_open: 'A handoff is open already.',
  no_handoff: 'There is no such open handoff.',
  wrong_phase: 'The handoff is not at a stage where this is possible.',
  not_offered: 'This conversation is not offered to you (any more).',
  not_owner: 'You do not answer in this conversation.',
  held_by_agent: 'Another agent answers here. Take over on purpose if you must.',
  not_allowed: 'This side may not do that.',
  no_bot: 'No bot is connected to this channel, so the conversation cannot be given back to one.',
  same_party: 'It is there already.',
  no_message: 'There is no such message in this conversation.',
  loop_guard: 'Control of this conversation changed too often in a short time; a person has to look at it.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** `holder` is told where the refusal is about control, so that the refused side knows who has it. */
export interface Refusal {
  code: RefusalCode;
  message: string;
  control?: Control;
}

export function refuse(code: RefusalCode, detail?: { message?: string; control?: Control }): { refused: Refusal } {
  const refusal: Refusal = { code, message: detail?.message ?? REFUSALS[code] };
  if (detail?.control) refusal.control = detail.control;
  return { refused: refusal };
}
