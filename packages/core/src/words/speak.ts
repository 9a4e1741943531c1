import type { HandoffReason } from '#conversation/state.ts';
import type { Estimate } from '#queue/estimate.ts';
import type { Outlook } from '#queue/outlook.ts';
import type { Words } from './language.ts';
import { letterOf } from './letter.ts';
import { openingTime } from './opening-time.ts';
import type { Lead, Phrases } from './phrases.ts';
import { waitChoices } from './wait-choices.ts';

/** What Baton says in a language, put together from its phrases: which sentence when is the same in all of them. */
export function speak(p: Phrases): Words {
  const join = (...sentences: string[]): string => sentences.join(p.gap);
  const closed = ({ opens }: Outlook): string => (opens ? p.openAgain(openingTime(opens, p.tag)) : p.nobodyOnline);
  const failed = (reason: HandoffReason): string[] => (LEADS[reason] === 'error' ? [p.proposal.leads.error] : []);
  return {
    connecting: (outlook, reason) =>
      join(
        ...failed(reason),
        outlook.availability === 'closed' ? closed(outlook) : join(p.letMe, inLine(p, outlook, false)),
      ),
    connectingOnly: (reason) => join(...failed(reason), p.connectingOnly),
    place: (outlook) => (outlook.availability === 'closed' ? closed(outlook) : inLine(p, outlook, true)),
    range: (estimate) => range(p, estimate),
    howToWait: ({ why, bot }) => ({ text: p.longWait[why], choices: waitChoices(why, bot, p.waits) }),
    meanwhile: (how) => p.meanwhile[how ?? 'here'],
    waitLimit: () => join(p.waitLimit, p.keepWriting),
    deskFailed: () => join(p.deskFailed, p.keepWriting),
    cancelled: () => p.cancelled,
    agentLost: () => join(p.agentLost, p.atTheFront),
    agentSilent: () => join(p.agentSilent, p.atTheFront),
    proposal: (reason) => ({
      text: join(p.proposal.leads[LEADS[reason]], p.proposal.question),
      choices: [
        { id: 'handoff:yes', label: p.proposal.yes },
        { id: 'handoff:no', label: p.proposal.no },
      ],
    }),
    proposalDeclined: () => p.proposalDeclined,
    apology: () => p.apology,
    botGone: () => p.botGone,
    loopGuard: () => p.loopGuard,
    returnedToBot: p.returnedToBot,
    letter: ({ customer, agent, team, said, page }) => ({
      subject: p.letter.subject(team),
      text: letterOf({
        greeting: p.letter.greeting(customer),
        wrote: p.letter.wrote(agent),
        said,
        goOn: p.letter.goOn(page),
        team,
      }),
    }),
    joined: p.joined,
    left: p.left,
    closed: () => p.closed,
    reopened: () => p.reopened,
    transferred: (name) => p.transferred(name),
    held: () => p.held,
    resumed: () => p.resumed,
  };
}

const LEADS: Record<HandoffReason, Lead> = {
  restricted_topic: 'topic',
  repeated_fallback: 'unknown',
  low_confidence: 'unknown',
  bot_error: 'error',
  bot_timeout: 'error',
  customer_asked: 'person',
  bot_asked: 'person',
  agent_took_over: 'person',
  api: 'person',
  rule: 'slow',
  frustration: 'slow',
};

/** "2 people are ahead of you, about 2 to 4 minutes." Alone it says where even the place is unknown, too. */
function inLine(p: Phrases, { ahead, estimate, longer }: Outlook, alone: boolean): string {
  const sentences: string[] = [];
  // Why what he was told before does not hold comes first.
  if (longer && estimate !== null) sentences.push(p.longer);
  if (ahead === null) {
    if (alone) sentences.push(p.inLine);
    sentences.push(estimate === null ? p.unknownWait : p.theWait(range(p, estimate)));
  } else if (estimate === null) sentences.push(p.place(p.ahead(ahead)), p.unknownWait);
  else sentences.push(p.placeAndWait(p.ahead(ahead), range(p, estimate)));
  return sentences.join(p.gap);
}

/**
 * The range in words. Rounded up, because a wait that ends early disappoints nobody; to 5 minutes above 10 and to
 * hours above 90, because nobody believes "17 to 43 minutes".
 */
function range(p: Phrases, { lowSeconds, highSeconds }: Estimate): string {
  if (highSeconds < 60) return p.soon;
  const low = roundUp(lowSeconds);
  const high = roundUp(highSeconds);
  const say = ({ count, unit }: Amount): string => (unit === 'minute' ? p.minutes(count) : p.hours(count));
  if (low.unit !== high.unit) return p.span(say(low), say(high));
  return low.count === high.count ? p.about(say(high)) : p.span(String(low.count), say(high));
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
