import type { Command } from '#conversation/commands.ts';
import type { Actor } from '#conversation/events.ts';
import { defaultRules, type Rules } from '#conversation/rules.ts';
import type { HandoffReason } from '#conversation/state.ts';
import type { HandoffId, IntegrationId, QueueId } from '#ids.ts';
import type { AgentRef, Author, Part } from '#message/message.ts';
import type { Outlook } from '#queue/outlook.ts';

/** Who plays in the stories, and what they do, as commands. */

export const WIDGET: IntegrationId = 'int_widget';
export const BOT: IntegrationId = 'int_bot';
export const OTHER_BOT: IntegrationId = 'int_bot2';
export const ZENDESK: IntegrationId = 'int_zendesk';
export const INTERCOM: IntegrationId = 'int_intercom';
/** Served by our own console. */
export const SALES: QueueId = 'que_sales';
/** Served by Zendesk, then Intercom, then our console. */
export const BILLING: QueueId = 'que_billing';

/** Served by Intercom only. */
export const TYRES: QueueId = 'que_tyres';

export const ADA = { role: 'customer', id: 'cus_ada', name: 'Ada' } as const satisfies Author;
export const DANA: AgentRef = { id: 'agt_dana', name: 'Dana' };
export const EVE: AgentRef = { id: 'agt_eve', name: 'Eve' };
export const FRED: AgentRef = { id: 'agt_fred', name: 'Fred' };
/** Works at an outside desk. */
export const ZOE: AgentRef = { id: 'zd_7', name: 'Zoe', desk: ZENDESK };

export const CUSTOMER: Actor = { role: 'customer', id: 'cus_ada' };
export const API: Actor = { role: 'api', id: 'key_1' };
export const SYSTEM: Actor = { role: 'system' };
export const ROBOT: Actor = { role: 'bot', id: BOT };
export const by = (agent: AgentRef): Actor => ({ role: 'agent', agent });

const DEFAULTS = defaultRules(SALES);

/** The defaults, with one topic on which the customer is asked first, and a queue of outside desks. */
export const RULES: Rules = {
  ...DEFAULTS,
  escalation: {
    ...DEFAULTS.escalation,
    topics: [{ name: 'billing', phrases: ['wrong charge'], action: 'offer', queue: SALES }],
  },
  queues: {
    [BILLING]: { desks: [ZENDESK, INTERCOM, null], limits: { offerSeconds: 20 } },
    [TYRES]: { desks: [INTERCOM], limits: {} },
  },
};

/** Nothing is known of place or wait. */
export const NOBODY_KNOWS: Outlook = { availability: 'unknown', position: null, ahead: null, estimate: null };
export const SECOND: Outlook = { availability: 'busy', position: 2, ahead: 1, estimate: null };

export const text = (words: string): Part[] => [{ type: 'text', text: words }];
export const pick = (choice: string, label = choice): Part[] => [{ type: 'text', text: label, choice }];

type Of<T extends Command['type']> = Extract<Command, { type: T }>;
type More<T extends Command['type']> = Partial<Omit<Of<T>, 'type'>>;

export const opens = (more: More<'open'> = {}): Command => ({
  type: 'open',
  id: 'cnv_1',
  workspace: 'wsp_1',
  channel: WIDGET,
  customer: 'cus_ada',
  bot: BOT,
  ...more,
});
export const ada = (words: string | Part[], more: More<'say'> = {}): Command => ({
  type: 'say',
  author: ADA,
  parts: typeof words === 'string' ? text(words) : words,
  ...more,
});
export const bot = (words: string, more: More<'say'> = {}): Command => ({
  type: 'say',
  author: { role: 'bot', id: BOT },
  parts: text(words),
  ...more,
});
export const agent = (who: AgentRef, words: string, more: More<'say'> = {}): Command => ({
  type: 'say',
  author: { role: 'agent', ...who },
  parts: text(words),
  ...more,
});
export const note = (who: AgentRef, words: string): Command => ({
  type: 'note',
  author: { role: 'agent', ...who },
  text: words,
});
export const whisper = (who: AgentRef, words: string): Command => ({ type: 'whisper', agent: who, text: words });
export const barge = (who: AgentRef, words: string): Command => ({ type: 'barge', agent: who, parts: text(words) });

export const asks = (
  who: Actor = CUSTOMER,
  reason: HandoffReason = 'customer_asked',
  more: More<'request-handoff'> = {},
): Command => ({ type: 'request-handoff', by: who, reason, ...more });
export const acknowledge = (more: More<'acknowledge'> = {}): Command => ({
  type: 'acknowledge',
  handoff: 'hnd_1',
  outlook: NOBODY_KNOWS,
  ...more,
});
export const deskFailed = (more: More<'desk-failed'> = {}): Command => ({
  type: 'desk-failed',
  handoff: 'hnd_1',
  detail: 'out of order',
  ...more,
});
export const offer = (who: AgentRef, handoff: HandoffId = 'hnd_1'): Command => ({ type: 'offer', handoff, agent: who });
export const accept = (who: AgentRef, handoff: HandoffId = 'hnd_1'): Command => ({
  type: 'accept',
  handoff,
  agent: who,
});
export const assigned = (who: AgentRef): Command => ({ type: 'accept', handoff: 'hnd_1', agent: who, direct: true });
export const decline = (who: AgentRef): Command => ({ type: 'decline', handoff: 'hnd_1', agent: who });
export const take = (who: AgentRef, force?: true, more: More<'take'> = {}): Command => ({
  type: 'take',
  agent: who,
  ...(force ? { force } : {}),
  ...more,
});
export const pass = (who: Actor, to: Of<'pass'>['to'], more: More<'pass'> = {}): Command => ({
  type: 'pass',
  by: who,
  to,
  ...more,
});
export const requeue = (why: 'agent_lost' | 'requeued' = 'agent_lost', handoff: HandoffId = 'hnd_1'): Command => ({
  type: 'requeue',
  handoff,
  why,
});
export const hold = (who: AgentRef): Command => ({ type: 'hold', agent: who });
export const resume = (who: AgentRef): Command => ({ type: 'resume', agent: who });
export const release = (who: Actor, more: More<'release'> = {}): Command => ({ type: 'release', by: who, ...more });
export const cancel = (who: Actor = CUSTOMER): Command => ({ type: 'cancel', by: who });
export const close = (who: Actor, more: More<'close'> = {}): Command => ({ type: 'close', by: who, ...more });
export const tick: Command = { type: 'tick' };
export const keyed = (command: Command, key: string): Command => ({ ...command, key });

/** From "get me a person" to Dana in control, as it usually goes. */
export const WITH_DANA: Command[] = [asks(), acknowledge(), offer(DANA), accept(DANA)];
export const IN_LINE: Command[] = [asks(), acknowledge()];
