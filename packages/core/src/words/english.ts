import type { HandoffReason } from '#conversation/state.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Outlook } from '#queue/outlook.ts';
import type { Words } from './language.ts';

const LET_ME = 'Let me connect you with a member of our team.';
const UNKNOWN_WAIT = "I can't tell yet how long it will take.";
const NOBODY_ONLINE =
  "Nobody from our team is online right now. I have kept your place in the line; I can't tell yet how long it will take.";
const KEEP_WRITING = 'You can keep writing here, and you can ask for a person again at any time.';
const AT_THE_FRONT = 'I have put you at the front of the line, and whoever takes over sees everything written so far.';

export const english: Words = {
  connecting: (outlook) => (outlook.availability === 'closed' ? NOBODY_ONLINE : `${LET_ME} ${inLine(outlook, '')}`),
  connectingOnly: () => "I'm connecting you with our team.",
  place: (outlook) => (outlook.availability === 'closed' ? NOBODY_ONLINE : inLine(outlook, 'You are in the line. ')),
  range,
  stillWaiting: () => ({
    text: "You are still in the line, and I'm sorry that it takes so long. Would you like to keep waiting?",
    choices: [
      { id: 'wait:keep', label: 'Keep waiting' },
      { id: 'wait:stop', label: 'Leave the line' },
    ],
  }),
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
