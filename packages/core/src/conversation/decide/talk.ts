import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import { isRaised, mayReopen, raise, reopen, requestHandoff, tell, voice } from '#conversation/moves.ts';
import { answerIn, isWaitChoice, understood } from '#conversation/questions.ts';
import { refuse } from '#conversation/refusals.ts';
import { assess } from '#escalation/assess.ts';
import type { Verdict } from '#escalation/policy.ts';
import { judge } from '#escalation/verdict.ts';
import { choiceOf, faultOfParts, MAX_TEXT, type Message, type Part, textOf } from '#message/message.ts';
import { chooseWait } from './waiting.ts';

type Say = CommandOf<'say'>;

/** Who may say something, and what a customer's words lead to. */
export function decideTalk(
  draft: Draft,
  command: CommandOf<'say' | 'note' | 'whisper' | 'barge' | 'edit' | 'redact'>,
): Decision {
  switch (command.type) {
    case 'say':
      return say(draft, command);
    case 'note':
    case 'whisper':
      return note(draft, command);
    case 'barge':
      return barge(draft, command);
    case 'edit':
    case 'redact':
      return change(draft, command);
  }
}

function faultIn(parts: readonly Part[]): Decision | null {
  const fault = faultOfParts(parts);
  return fault && refuse(fault.code, { message: fault.message });
}

function say(draft: Draft, command: Say): Decision {
  const fault = faultIn(command.parts);
  if (fault) return fault;
  switch (command.author.role) {
    case 'customer':
      return customerSays(draft, command);
    case 'bot':
    case 'agent':
      return holderSays(draft, command);
    case 'system':
      return refuse('not_allowed');
  }
}

/** A bot or an agent speaks while it holds control, and only then. */
function holderSays(draft: Draft, command: Say): Decision {
  const { control, status } = draft.state;
  if (status === 'closed') return refuse('closed');
  const { role, id } = command.author;
  const holds =
    role === 'bot'
      ? control.holder === 'bot' && control.bot === id
      : control.holder === 'agent' && control.agent.id === id;
  if (!holds) return refuse('control_lost', { control });
  add(draft, command, {});
  return draft.done();
}

/**
 * A customer may always write. What it leads to depends on who holds control: the bot gets a turn, unless the words
 * call for a person; a queue or an agent simply has it in the log.
 */
function customerSays(draft: Draft, command: Say): Decision {
  const by = { role: 'customer', id: draft.state.customer } as const;
  if (draft.state.status === 'closed') {
    if (!mayReopen(draft)) return refuse('closed');
    reopen(draft, by);
  }
  const said = { ...command, parts: understood(draft.state, command.parts) };
  switch (draft.state.control.holder) {
    case 'bot':
      customerToBot(draft, said);
      break;
    case 'queue':
      customerInLine(draft, said);
      break;
    case 'agent':
      add(draft, said, {});
      break;
    case 'nobody':
      add(draft, said, {});
      // A channel without a bot is answered by people. The loop guard's flag keeps machines out.
      if (draft.state.bot === null && !isRaised(draft, 'loop_guard'))
        requestHandoff(draft, { reason: 'rule', by: { role: 'system' }, evidence: [] });
  }
  return draft.done();
}

function customerInLine(draft: Draft, command: Say): void {
  const answer = answerIn(draft.state, command.parts);
  add(draft, command, {});
  if (isWaitChoice(answer)) chooseWait(draft, answer);
}

function customerToBot(draft: Draft, command: Say): void {
  const { proposal } = draft.state;
  const answer = answerIn(draft.state, command.parts);
  switch (answer) {
    case 'wait:keep':
    case 'wait:bot':
    case 'wait:message':
    case 'wait:callback':
    case 'wait:stop':
      return customerInLine(draft, command);
    case 'handoff:yes': {
      const asked = { kind: 'asked_for_human', seq: draft.state.seq + 1, quote: textOf(command.parts) };
      add(draft, command, {});
      return requestHandoff(draft, {
        reason: proposal?.reason ?? 'customer_asked',
        by: { role: 'customer', id: draft.state.customer },
        evidence: proposal && proposal.evidence.length > 0 ? proposal.evidence : [asked],
        queue: proposal?.queue,
      });
    }
    case 'handoff:no':
      add(draft, command, {});
      return tell(draft, 'proposal_declined', voice(draft).proposalDeclined());
    default:
      return ordinary(draft, command);
  }
}

/** An ordinary message is the bot's turn, unless it calls for a person: then the bot gets none. */
function ordinary(draft: Draft, command: Say): void {
  const { memory } = draft.state;
  const policy = draft.rules.escalation;
  const choice = choiceOf(command.parts);
  const turn = { role: 'customer', seq: draft.state.seq + 1, text: textOf(command.parts) } as const;
  const verdict = judge(assess(memory, choice === undefined ? turn : { ...turn, choice }, policy), memory, policy);
  // Who waits with the bot has asked for a person already; to ask whether he wants one would be silly.
  const escalates = verdict.action === 'handoff' || (verdict.action === 'offer' && draft.state.handoff === null);
  add(draft, command, escalates ? {} : { turn: true });
  for (const { name, evidence } of verdict.flags) raise(draft, { name, by: 'rule', evidence });
  if (escalates) escalate(draft, verdict);
}

/** Does what the policy says: asks the customer, or asks for a person at once. */
export function escalate(draft: Draft, verdict: Verdict): void {
  const { action, reason, evidence, queue } = verdict;
  if (action === 'handoff') {
    requestHandoff(draft, { reason, by: { role: 'system' }, evidence, queue });
  } else if (action === 'offer') {
    const { text, choices } = voice(draft).proposal(reason);
    tell(draft, 'proposal', text, [{ type: 'choices', choices }]);
    draft.add({ type: 'proposal.made', reason, evidence, ...(queue ? { queue } : {}) });
  }
}

function add(draft: Draft, command: Say, more: Pick<Message, 'turn'>): void {
  const message: Message = {
    id: draft.newId('msg'),
    author: command.author,
    parts: command.parts,
    epoch: draft.state.control.epoch,
    ...more,
  };
  if (command.clientId !== undefined) message.clientId = command.clientId;
  if (command.author.role === 'bot') {
    if (command.answers !== undefined) message.answers = command.answers;
    if (command.bot) message.bot = command.bot;
  }
  draft.add({ type: 'message', message });
}

/** Among staff, and from an agent to the bot. At any time, also when it is over. */
function note(draft: Draft, command: CommandOf<'note' | 'whisper'>): Decision {
  const { text } = command;
  if (text.trim() === '') return refuse('empty', { message: 'A note needs some text.' });
  if (text.length > MAX_TEXT) return refuse('too_long', { message: `A note holds at most ${MAX_TEXT} characters.` });
  if (command.type === 'note' && command.author.role === 'customer') return refuse('not_allowed');
  const id = draft.newId('msg');
  if (command.type === 'note') draft.add({ type: 'note', note: { id, author: command.author, text } });
  else draft.add({ type: 'note', note: { id, author: { role: 'agent', ...command.agent }, text, whisper: true } });
  return draft.done();
}

/** One message of an agent while somebody else holds control. It changes nobody's right to answer. */
function barge(draft: Draft, command: CommandOf<'barge'>): Decision {
  if (draft.state.status === 'closed') return refuse('closed');
  const fault = faultIn(command.parts);
  if (fault) return fault;
  const { control } = draft.state;
  const owns = control.holder === 'agent' && control.agent.id === command.agent.id;
  const message: Message = {
    id: draft.newId('msg'),
    author: { role: 'agent', ...command.agent },
    parts: command.parts,
    epoch: control.epoch,
  };
  if (command.clientId !== undefined) message.clientId = command.clientId;
  if (!owns) message.barge = true;
  draft.add({ type: 'message', message });
  return draft.done();
}

/** Whether the message exists and is the asker's own is known to the log, not to the state: the hub checks it first. */
function change(draft: Draft, command: CommandOf<'edit' | 'redact'>): Decision {
  if (command.type === 'redact') {
    const { message, seq, by } = command;
    draft.add({ type: 'message.redacted', message, ...(seq === undefined ? {} : { seq }), by });
    return draft.done();
  }
  if (draft.state.status === 'closed') return refuse('closed');
  const fault = faultIn(command.parts);
  if (fault) return fault;
  draft.add({ type: 'message.edited', message: command.message, parts: command.parts, by: command.by });
  return draft.done();
}
