import type { CommandOf } from '#conversation/commands.ts';
import type { Decision, Draft } from '#conversation/draft.ts';
import { backToBot, endHandoff, reopen, requestHandoff, tell, voice } from '#conversation/moves.ts';
import { refuse } from '#conversation/refusals.ts';
import { assess } from '#escalation/assess.ts';
import type { Verdict } from '#escalation/policy.ts';
import { judge } from '#escalation/verdict.ts';
import { choiceOf, cleanText, faultOfParts, type Message, type Part, textOf } from '#message/message.ts';
import { isNo, isYes } from '#words/answer.ts';

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

function say(draft: Draft, command: Say): Decision {
  const fault = faultOfParts(command.parts);
  if (fault) return refuse(fault.code, { message: fault.message });
  switch (command.author.role) {
    case 'customer':
      return customerSays(draft, command);
    case 'bot':
      return botSays(draft, command);
    case 'agent':
      return agentSays(draft, command);
    case 'system':
      return refuse('not_allowed');
  }
}

function botSays(draft: Draft, command: Say): Decision {
  const { control, status } = draft.state;
  if (status === 'closed') return refuse('closed');
  const holds = control.holder === 'bot' && control.bot === command.author.id;
  if (!holds || staleEpoch(draft, command.epoch)) return refuse('control_lost', { control });
  add(draft, command, {});
  return draft.done();
}

function agentSays(draft: Draft, command: Say): Decision {
  const { control, status } = draft.state;
  if (status === 'closed') return refuse('closed');
  const holds = control.holder === 'agent' && control.agent.id === command.author.id;
  if (!holds || staleEpoch(draft, command.epoch)) return refuse('control_lost', { control });
  add(draft, command, {});
  return draft.done();
}

/** An epoch is optional on the wire: who names none is judged by the holder alone. */
function staleEpoch(draft: Draft, epoch: number | undefined): boolean {
  return epoch !== undefined && epoch !== draft.state.control.epoch;
}

/**
 * A customer may always write. What it leads to depends on who holds control: the bot gets a turn, unless the words
 * call for a person; a queue or an agent simply has it in the log.
 */
function customerSays(draft: Draft, command: Say): Decision {
  if (draft.state.status === 'closed') {
    const since = draft.state.closedAt ?? draft.state.openedAt;
    if (draft.at - since > draft.rules.limits.reopenSeconds * 1_000) return refuse('closed');
    reopen(draft, { role: 'customer', id: draft.state.customer });
  }
  switch (draft.state.control.holder) {
    case 'bot':
      customerToBot(draft, command);
      break;
    case 'queue':
      add(draft, command, {});
      if (choiceOf(command.parts) === 'wait:stop') leaveLine(draft);
      break;
    case 'agent':
      add(draft, command, {});
      break;
    case 'nobody':
      add(draft, command, {});
      // A channel without a bot is answered by people. The loop guard's flag keeps machines out.
      if (draft.state.bot === null && !draft.state.flags.some((flag) => flag.name === 'loop_guard')) {
        requestHandoff(draft, { reason: 'rule', by: { role: 'system' }, evidence: [] });
      }
  }
  return draft.done();
}

function customerToBot(draft: Draft, command: Say): void {
  const { proposal, memory } = draft.state;
  const text = textOf(command.parts);
  const choice = choiceOf(command.parts);
  const answer = choice ?? (isYes(text) ? 'handoff:yes' : isNo(text) ? 'handoff:no' : undefined);
  const by = { role: 'customer', id: draft.state.customer } as const;
  const seq = draft.state.seq + 1;
  if (choice === 'handoff:yes' || (proposal && answer === 'handoff:yes')) {
    add(draft, command, {});
    const evidence = proposal?.evidence ?? [{ kind: 'asked_for_human', seq, quote: text }];
    requestHandoff(draft, { reason: proposal?.reason ?? 'customer_asked', by, evidence, queue: proposal?.queue });
    return;
  }
  const turn = { role: 'customer', seq, text } as const;
  const policy = draft.rules.escalation;
  const verdict = judge(assess(memory, choice === undefined ? turn : { ...turn, choice }, policy), memory, policy);
  // The message that calls for a person is not the bot's any more: it gets no turn.
  const escalates = verdict.action === 'handoff' || (verdict.action === 'offer' && answer !== 'handoff:no');
  add(draft, command, escalates ? {} : { turn: true });
  for (const flag of verdict.flags) {
    if (!draft.state.flags.some((raised) => raised.name === flag.name))
      draft.add({ type: 'flag.added', flag: { name: flag.name, by: 'rule', evidence: flag.evidence } });
  }
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

function leaveLine(draft: Draft): void {
  endHandoff(draft, 'cancelled_by_customer', { role: 'customer', id: draft.state.customer });
  tell(draft, 'cancelled', voice(draft).cancelled());
  backToBot(draft, 'cancelled_by_customer');
}

function add(draft: Draft, command: Say, more: Pick<Message, 'turn'>): void {
  const message: Message = {
    id: draft.newId('msg'),
    author: command.author,
    parts: command.parts.map(clean),
    epoch: draft.state.control.epoch,
    ...more,
  };
  if (command.clientId !== undefined) message.clientId = command.clientId;
  if (command.answers !== undefined) message.answers = command.answers;
  if (command.bot) message.bot = command.bot;
  draft.add({ type: 'message', message });
}

export function clean(part: Part): Part {
  return part.type === 'text' ? { ...part, text: cleanText(part.text) } : part;
}

function note(draft: Draft, command: CommandOf<'note' | 'whisper'>): Decision {
  const text = cleanText(command.text);
  if (text.trim() === '') return refuse('empty', { message: 'A note needs some text.' });
  const id = draft.newId('msg');
  if (command.type === 'note') draft.add({ type: 'note', note: { id, author: command.author, text } });
  else draft.add({ type: 'note', note: { id, author: { role: 'agent', ...command.agent }, text, whisper: true } });
  return draft.done();
}

/** One message of an agent while somebody else holds control. It changes nobody's right to answer. */
function barge(draft: Draft, command: CommandOf<'barge'>): Decision {
  if (draft.state.status === 'closed') return refuse('closed');
  const fault = faultOfParts(command.parts);
  if (fault) return refuse(fault.code, { message: fault.message });
  const { control } = draft.state;
  const owns = control.holder === 'agent' && control.agent.id === command.agent.id;
  const message: Message = {
    id: draft.newId('msg'),
    author: { role: 'agent', ...command.agent },
    parts: command.parts.map(clean),
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
    draft.add({ type: 'message.redacted', message: command.message, by: command.by });
    return draft.done();
  }
  if (draft.state.status === 'closed') return refuse('closed');
  const fault = faultOfParts(command.parts);
  if (fault) return refuse(fault.code, { message: fault.message });
  draft.add({ type: 'message.edited', message: command.message, parts: command.parts.map(clean), by: command.by });
  return draft.done();
}
