import type { HandoffReason } from '#conversation/state.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Opens, Outlook } from '#queue/outlook.ts';
import type { LongWait, Words } from './language.ts';
import { letterOf } from './letter.ts';
import { openingTime } from './opening-time.ts';
import { waitChoices } from './wait-choices.ts';

const LET_ME = 'Let me connect you with a member of our team.';
const UNKNOWN_WAIT = "I can't tell yet how long it will take.";
const KEEP_WRITING = 'You can keep writing here, and you can ask for a person again at any time.';
const AT_THE_FRONT = 'I have put you at the front of the line, and whoever takes over sees everything written so far.';

const LONG_WAIT: Record<LongWait['why'], string> = {
  expected: 'Would you like to keep waiting? You can also do something else and keep your place.',
  passed:
    "You are still in the line, and I'm sorry that it takes so long. Would you like to keep waiting? You can also do something else and keep your place.",
  closed: 'What would you like to do until then? You keep your place in any case.',
};

export const english: Words = {
  connecting: (outlook) => (outlook.availability === 'closed' ? closed(outlook) : `${LET_ME} ${inLine(outlook, '')}`),
  connectingOnly: () => "I'm connecting you with our team.",
  place: (outlook) => (outlook.availability === 'closed' ? closed(outlook) : inLine(outlook, 'You are in the line. ')),
  range,
  howToWait: ({ why, bot }) => ({
    text: LONG_WAIT[why],
    choices: waitChoices(why, bot, {
      keep: 'Keep waiting',
      bot: 'Go on with the assistant',
      message: 'Leave a message',
      callback: 'Answer me later',
    }),
  }),
  meanwhile: (how) => {
    switch (how) {
      case 'with_bot':
        return 'You keep your place, and I am here for you until a member of our team takes over. What can I do?';
      case 'message':
        return 'Please write your message here. Our team will read it and answer in this window; you can close it and come back, nothing gets lost.';
      case 'callback':
        return 'You keep your place, and you do not have to stay: the answer will be in this window when you come back. If you would rather be called or emailed, write the number or the address here.';
      case null:
        return 'All right, I am silent now. You have kept your place.';
    }
  },
  waitLimit: () =>
    `I'm sorry, nobody from our team has become free, so I have taken you out of the line. ${KEEP_WRITING}`,
  deskFailed: () => `I'm sorry, I could not reach our team just now. ${KEEP_WRITING}`,
  cancelled: () => 'You have left the line. You can ask for a person again at any time.',
  agentLost: () => `I'm sorry, the person helping you has lost the connection. ${AT_THE_FRONT}`,
  agentSilent: () => `I'm sorry that nobody has answered you yet. ${AT_THE_FRONT}`,
  proposal: (reason) => ({
    text: `${opening(reason)} Would you like me to connect you with a person?`,
    choices: [
      { id: 'handoff:yes', label: 'Yes, please' },
      { id: 'handoff:no', label: 'No, thank you' },
    ],
  }),
  proposalDeclined: () => 'All right. You can ask for a person at any time.',
  apology: () => "I'm sorry, I could not answer that. Please try again, or ask for a person.",
  botGone: () =>
    "I'm sorry, I can't answer right now. What you wrote is kept, and you can ask for a person at any time.",
  loopGuard: () =>
    "I'm sorry, connecting you has gone wrong several times, so I have stopped trying. Your conversation is kept and marked for our team.",
  returnedToBot: (agentName) =>
    `${agentName ?? 'Our team'} has handed the conversation back to me. You can go on here.`,
  letter: ({ customer, agent, team, said, page }) => ({
    subject: team === '' ? 'An answer to your message' : `${team}: an answer to your message`,
    text: letterOf({
      greeting: customer === null ? 'Hello,' : `Hello ${customer},`,
      wrote: agent === '' ? 'we have answered you:' : `${agent} has answered you:`,
      said,
      goOn: page === null ? 'Please go on in the chat.' : `Please go on in the chat: ${page}`,
      team,
    }),
  }),
  joined: (name) => `${name} joined`,
  left: (name) => `${name} left`,
  closed: () => 'This conversation has ended. If you need anything else, just write again.',
  reopened: () => 'Welcome back. This conversation is open again.',
  transferred: (name) =>
    name === undefined
      ? 'You are being passed on to a colleague, who will see everything written so far.'
      : `You have been passed on to ${name}, who can see everything written so far.`,
  held: () => 'You are on hold. You can keep writing; nothing gets lost.',
  resumed: () => 'Thank you for holding. You can go on now.',
};

/** Nobody is there. When they open again is all that can be told; who comes then, and when it is his turn, is not. */
function closed({ opens }: Outlook): string {
  if (!opens)
    return "Nobody from our team is online right now. I have kept your place in the line; I can't tell yet how long it will take.";
  return `Our team is not here right now; we are open again ${again(opens)}. I have kept your place in the line.`;
}

function again(opens: Opens): string {
  const { when, day, time } = openingTime(opens, 'en');
  switch (when) {
    case 'today':
    case 'tomorrow':
      return `${when} at ${time}`;
    case 'week':
    case 'later':
      return `on ${day} at ${time}`;
  }
}

/** "2 people are ahead of you, about 2 to 4 minutes."; `lead` goes in front where even the place is unknown. */
function inLine({ ahead, estimate }: Outlook, lead: string): string {
  if (ahead === null) return `${lead}${estimate === null ? UNKNOWN_WAIT : `The wait is ${range(estimate)}.`}`;
  const place =
    ahead === 0 ? 'You are next' : ahead === 1 ? '1 person is ahead of you' : `${ahead} people are ahead of you`;
  return estimate === null ? `${place}. ${UNKNOWN_WAIT}` : `${place}, ${range(estimate)}.`;
}

/**
 * The range in words. Rounded up, because a wait that ends early disappoints nobody; to 5 minutes above 10 and to
 * hours above 90, because nobody believes "17 to 43 minutes".
 */
function range({ lowSeconds, highSeconds }: Estimate): string {
  if (highSeconds < 60) return 'less than a minute';
  const low = roundUp(lowSeconds);
  const high = roundUp(highSeconds);
  if (low.count === high.count && low.unit === high.unit) return `about ${amount(high)}`;
  return low.unit === high.unit ? `about ${low.count} to ${amount(high)}` : `about ${amount(low)} to ${amount(high)}`;
}

interface Amount {
  count: number;
  unit: 'minute' | 'hour';
}

function roundUp(seconds: number): Amount {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  if (minutes <= 10) return { count: minutes, unit: 'minute' };
  if (minutes <= 90) return { count: Math.ceil(minutes / 5) * 5, unit: 'minute' };
  return { count: Math.ceil(minutes / 60), unit: 'hour' };
}

function amount({ count, unit }: Amount): string {
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function opening(reason: HandoffReason): string {
  switch (reason) {
    case 'restricted_topic':
      return 'This is something for a member of our team.';
    case 'repeated_fallback':
    case 'low_confidence':
      return "I'm sorry, I don't seem to have the answer you need.";
    case 'bot_error':
    case 'bot_timeout':
      return "I'm sorry, something went wrong on my side.";
    case 'customer_asked':
    case 'bot_asked':
    case 'agent_took_over':
    case 'api':
      return 'A member of our team can help you with this.';
    case 'rule':
    case 'frustration':
      return "I'm sorry this is taking so long.";
  }
}
