import fc from 'fast-check';
import type { Command } from '#conversation/commands.ts';
import type { Actor } from '#conversation/events.ts';
import type { Conversation } from '#conversation/state.ts';
import type { HandoffId } from '#ids.ts';
import type { AgentRef, Part } from '#message/message.ts';
import type { Outlook } from '#queue/outlook.ts';
import {
  ADA,
  API,
  BILLING,
  BOT,
  CUSTOMER,
  DANA,
  EVE,
  FRED,
  INTERCOM,
  NOBODY_KNOWS,
  OTHER_BOT,
  SALES,
  SECOND,
  SYSTEM,
  by as staff,
  TYRES,
  text,
  ZENDESK,
  ZOE,
} from './cast.ts';

/**
 * What anybody may try at any moment, right or wrong, as plain data: so that a run can be shrunk, printed and kept. What
 * depends on the moment ("the open handoff", "an old epoch") is filled in when it is played (`commandOf`).
 */
export type Step =
  /** Somebody sends a command. `later`: it is on its way for so many steps, and comes out of order. */
  | { do: 'send'; send: Act; key: boolean; later: number }
  /** A command that was sent before comes again, word by word: so many back. */
  | { do: 'resend'; back: number }
  /** Time goes by; clocks of two nodes may also differ a little. */
  | { do: 'wait'; seconds: number }
  /** The state is lost and made anew from the log. */
  | { do: 'crash' }
  /** The state is stored, as text ... */
  | { do: 'store' }
  /** ... and what came after it played on top, as another node does. */
  | { do: 'load' };

type Epoch = 'now' | 'old' | 'none';
type Which = 'open' | 'other';

export type Act =
  | { act: 'customer says'; words: number; choice: number; epoch: Epoch }
  | {
      act: 'bot says';
      bot: number;
      answers: 'first' | 'last' | 'none' | 'long ago';
      epoch: Epoch;
      lost: boolean;
      asks: boolean;
    }
  | { act: 'agent says'; agent: number; epoch: Epoch }
  | { act: 'note' | 'whisper' | 'barge' | 'hold' | 'resume' | 'watch' | 'unwatch'; agent: number }
  | { act: 'decline'; agent: number }
  | { act: 'accept'; agent: number; which: Which; direct: boolean }
  | { act: 'take'; agent: number; force: boolean; ticket: boolean }
  | { act: 'ask'; by: number; epoch: Epoch; billing: boolean }
  | { act: 'pass'; by: number; epoch: Epoch; to: number }
  | { act: 'release' | 'close' | 'cancel' | 'reopen'; by: number; epoch: Epoch }
  | { act: 'flag' | 'unflag'; by: number; name: number; epoch: Epoch }
  | { act: 'rate'; score: number }
  | { act: 'acknowledge'; which: Which; desk: 'asked' | 'former' | 'unsaid'; outlook: number; ticket: boolean }
  | { act: 'desk fails'; which: Which; next: number }
  | { act: 'offer'; which: Which; agent: number }
  | { act: 'requeue'; which: Which; lost: boolean }
  | { act: 'abandon' | 'tell'; which: Which }
  | { act: 'bot skips' | 'bot fails'; turn: 'first' | 'last' | 'other'; epoch: Epoch }
  | { act: 'edit' | 'redact' | 'update' | 'undelivered' | 'open again' | 'tick' }
  /** Whatever moves the handoff one step on. */
  | { act: 'serve'; agent: number }
  /** Whatever a machine can do to move control elsewhere. */
  | { act: 'churn'; way: number };

export const SECRET = 'SECRET';
const AGENTS: readonly AgentRef[] = [DANA, EVE, FRED, ZOE];
const ACTORS: readonly Actor[] = [
  CUSTOMER,
  { role: 'bot', id: BOT },
  { role: 'bot', id: OTHER_BOT },
  staff(DANA),
  staff(EVE),
  staff(ZOE),
  API,
  SYSTEM,
];
const WORDS = [
  'where is my parcel',
  'do you ship to Norway',
  'it was order 1001',
  'I want to talk to a human',
  'there is a wrong charge on my card',
  'yes',
  'no',
  'no, thank you',
  'THIS IS RIDICULOUS you are useless!!!',
  'you already told me that, I asked for my parcel',
  '',
  'nul \0 and half \uD800 a pair',
  'x'.repeat(8_001),
  'hello?',
  'and can I change the address',
];
const CHOICES = [
  undefined,
  undefined,
  undefined,
  'handoff:yes',
  'handoff:no',
  'wait:keep',
  'wait:bot',
  'wait:bot',
  'wait:message',
  'wait:callback',
  'wait:stop',
  'size:xl',
];
const OUTLOOKS: readonly (Outlook | null)[] = [
  null,
  NOBODY_KNOWS,
  SECOND,
  { availability: 'available', position: 1, ahead: 0, estimate: null },
  { availability: 'closed', position: 7, ahead: 6, estimate: null },
  {
    availability: 'busy',
    position: 3,
    ahead: 2,
    estimate: { p50Seconds: 200, lowSeconds: 120, highSeconds: 280, coverage: 0.8, basis: 'measured', asOf: 1 },
  },
];

/** A bot may ask itself whether to connect a person. */
const QUESTION: Part[] = [{ type: 'choices', choices: [{ id: 'handoff:yes', label: 'Connect me' }] }];

const index = (length: number) => fc.nat({ max: length - 1 });
const epoch = fc.constantFrom<Epoch>('now', 'now', 'now', 'none', 'old');
const which = fc.constantFrom<Which>('open', 'open', 'open', 'open', 'other');
/** One past the end: whom it concerns, so that a run gets somewhere. */
const agent = fc.oneof(index(AGENTS.length), fc.constant(AGENTS.length));
const by = fc.oneof(index(ACTORS.length), fc.constant(ACTORS.length));
const one = <T extends Act['act']>(...acts: T[]) => fc.constantFrom(...acts);

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: one('decline', 'hold', 'resume'), agent: fc.constant(AGENTS.length) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      act: one('customer says'),
      words: index(WORDS.length),
      choice: index(CHOICES.length),
      epoch,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: one('bot says'),
      bot: fc.constantFrom(0, 0, 0, 1),
      answers: fc.constantFrom('first', 'first', 'last', 'none', 'long ago'),
      epoch,
      lost: fc.boolean(),
      asks: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 6, arbitrary: fc.record({ act: one('serve'), agent }) },
  { weight: 5, arbitrary: fc.record({ act: one('churn'), way: index(3) }) },
  { weight: 4, arbitrary: fc.record({ act: one('tick') }) },
  { weight: 3, arbitrary: fc.record({ act: one('agent says'), agent, epoch }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: one('note', 'whisper', 'barge', 'hold', 'resume', 'watch', 'unwatch'),
      agent,
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: one('accept'), agent, which, direct: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ act: one('take'), agent, force: fc.boolean(), ticket: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ act: one('ask'), by, epoch, billing: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ act: one('pass'), by, epoch, to: index(8) }) },
  {
    weight: 3,
    arbitrary: fc.record({ act: one('release', 'release', 'cancel', 'cancel', 'close', 'reopen'), by, epoch }),
  },
  { weight: 1, arbitrary: fc.record({ act: one('flag', 'unflag'), by, name: index(3), epoch }) },
  { weight: 1, arbitrary: fc.record({ act: one('rate'), score: fc.constantFrom(0, 1, 5, 2.5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: one('acknowledge'),
      which,
      desk: fc.constantFrom('asked', 'former', 'unsaid'),
      outlook: index(OUTLOOKS.length),
      ticket: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: one('desk fails'), which, next: index(4) }) },
  { weight: 1, arbitrary: fc.record({ act: one('offer'), which, agent }) },
  { weight: 2, arbitrary: fc.record({ act: one('requeue'), which, lost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ act: one('abandon', 'tell'), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: one('bot skips', 'bot fails'),
      turn: fc.constantFrom('first', 'last', 'other'),
      epoch,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: one('edit', 'redact', 'update', 'undelivered', 'open again') }) },
);

const MOMENTS = [0.5, 2, 11, 16];
const AGES = [0.5, 16, 31, 61, 100, 200, 601, 3_601, 90_000, 700_000, -1];

const step = (waits: number[]): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc.record({
        do: fc.constant('send'),
        send: act,
        key: fc.boolean(),
        later: fc.constantFrom(0, 0, 0, 0, 0, 1, 3),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('resend'), back: fc.nat({ max: 30 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), seconds: fc.constantFrom(...waits) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('crash', 'store', 'load') }) },
  );

/** Where a conversation takes place: with or without a bot, one that owns its channel, other rules. */
export interface Scene {
  bot: 'ours' | 'owns its channel' | 'none';
  billing: 'handoff' | 'offer' | 'flag';
  botError: 'handoff' | 'offer' | 'flag';
  customerIdle: boolean;
  steps: Step[];
}

export const scenes = (maxLength: number): fc.Arbitrary<Scene> =>
  fc.record({
    bot: fc.constantFrom('ours', 'ours', 'ours', 'owns its channel', 'none'),
    billing: fc.constantFrom('handoff', 'offer', 'offer', 'flag'),
    botError: fc.constantFrom('handoff', 'offer', 'flag'),
    customerIdle: fc.boolean(),
    steps: fc.oneof(
      fc.array(step(MOMENTS), { maxLength, size: 'max' }),
      fc.array(step([...MOMENTS, ...AGES]), { maxLength, size: 'max' }),
    ),
  });

/** The command that an act is at this moment. */
export function commandOf(act: Act, state: Conversation): Command {
  switch (act.act) {
    case 'customer says':
      return { type: 'say', author: ADA, parts: words(act.words, act.choice), ...epochOf(act.epoch, state) };
    case 'bot says':
      return botSays(act, state);
    case 'agent says':
      return {
        type: 'say',
        author: { role: 'agent', ...agentOf(act.agent, state) },
        parts: text('Hello'),
        ...epochOf(act.epoch, state),
      };
    case 'note':
      return { type: 'note', author: { role: 'agent', ...agentOf(act.agent, state) }, text: SECRET };
    case 'whisper':
      return { type: 'whisper', agent: agentOf(act.agent, state), text: SECRET };
    case 'barge':
      return { type: 'barge', agent: agentOf(act.agent, state), parts: text('from the side') };
    case 'hold':
    case 'resume':
    case 'watch':
    case 'unwatch':
      return { type: act.act, agent: agentOf(act.agent, state) };
    case 'take':
      return {
        type: 'take',
        agent: agentOf(act.agent, state),
        ...(act.force ? { force: true } : {}),
        ...(act.ticket ? { ticket: { id: SECRET } } : {}),
      };
    case 'ask':
      return {
        type: 'request-handoff',
        by: actorOf(act.by, state),
        reason: 'rule',
        evidence: [{ kind: 'k', quote: SECRET, detail: SECRET }],
        skills: [SECRET],
        summary: SECRET,
        ...(act.billing ? { queue: BILLING } : {}),
        ...epochOf(act.epoch, state),
      };
    case 'pass':
      return {
        type: 'pass',
        by: actorOf(act.by, state),
        to: goalOf(act.to),
        note: SECRET,
        ...epochOf(act.epoch, state),
      };
    case 'release':
      return { type: 'release', by: actorOf(act.by, state), note: SECRET, ...epochOf(act.epoch, state) };
    case 'close':
      return { type: 'close', by: actorOf(act.by, state), note: SECRET, ...epochOf(act.epoch, state) };
    case 'reopen':
      return { type: 'reopen', by: actorOf(act.by, state) };
    case 'cancel':
      return { type: 'cancel', by: actorOf(act.by, state) };
    case 'flag': {
      const name = ['vip', 'loop_guard', SECRET][act.name] ?? 'vip';
      return { type: 'flag', name, by: actorOf(act.by, state), ...epochOf(act.epoch, state) };
    }
    case 'unflag':
      return { type: 'unflag', name: ['vip', 'loop_guard', SECRET][act.name] ?? 'vip', by: actorOf(act.by, state) };
    case 'rate':
      return { type: 'rate', score: act.score };
    case 'serve':
      return serve(agentOf(act.agent, state), state);
    case 'churn':
      return churn(act.way, state);
    default:
      return ofHub(act, state);
  }
}

type HubAct = Extract<
  Act,
  {
    act:
      | 'accept'
      | 'decline'
      | 'acknowledge'
      | 'desk fails'
      | 'offer'
      | 'requeue'
      | 'abandon'
      | 'tell'
      | 'bot skips'
      | 'bot fails'
      | 'edit'
      | 'redact'
      | 'update'
      | 'undelivered'
      | 'open again'
      | 'tick';
  }
>;

function ofHub(act: HubAct, state: Conversation): Command {
  const handoff = 'which' in act ? handoffOf(act.which, state) : handoffOf('open', state);
  switch (act.act) {
    case 'accept':
      return { type: 'accept', handoff, agent: agentOf(act.agent, state), ...(act.direct ? { direct: true } : {}) };
    case 'decline':
      return { type: 'decline', handoff, agent: agentOf(act.agent, state) };
    case 'acknowledge': {
      const desk =
        act.desk === 'unsaid' ? {} : { desk: act.desk === 'asked' ? (state.handoff?.desk ?? null) : INTERCOM };
      return {
        type: 'acknowledge',
        handoff,
        outlook: OUTLOOKS[act.outlook] ?? null,
        ...desk,
        ...(act.ticket ? { ticket: { id: SECRET } } : {}),
      };
    }
    case 'desk fails': {
      const next = [{}, { next: null }, { next: INTERCOM }, { retry: true }][act.next] ?? {};
      return { type: 'desk-failed', handoff, detail: SECRET, ...next };
    }
    case 'offer':
      return { type: 'offer', handoff, agent: agentOf(act.agent, state) };
    case 'requeue':
      return { type: 'requeue', handoff, why: act.lost ? 'agent_lost' : 'requeued' };
    case 'abandon':
      return { type: 'abandon', handoff };
    case 'tell':
      return { type: 'tell', handoff, outlook: SECOND };
    case 'bot skips':
      return { type: 'bot-skipped', turn: turnOf(act.turn, state), epoch: epochOf(act.epoch, state).epoch ?? 1 };
    case 'bot fails': {
      const { epoch = 1 } = epochOf(act.epoch, state);
      return { type: 'bot-failed', turn: turnOf(act.turn, state), epoch, why: 'bot_error', detail: SECRET };
    }
    case 'edit':
      return { type: 'edit', message: 'msg_1', parts: text('edited'), by: CUSTOMER };
    case 'redact':
      return { type: 'redact', message: 'msg_1', by: staff(DANA) };
    case 'update':
      return { type: 'update-customer', by: API, changes: { attributes: { score: SECRET } } };
    case 'undelivered':
      return { type: 'delivery-failed', side: 'channel:x', seq: 1, kind: 'auth', detail: SECRET };
    case 'open again':
      return { type: 'open', id: 'cnv_1', workspace: 'wsp_1', channel: BOT, customer: 'cus_ada', bot: null };
    case 'tick':
      return { type: 'tick' };
  }
}

function botSays(act: Extract<Act, { act: 'bot says' }>, state: Conversation): Command {
  const { control } = state;
  const first = state.turns[0]?.seq;
  const answers = { first, last: state.turns.at(-1)?.seq, none: undefined, 'long ago': 1 }[act.answers];
  return {
    type: 'say',
    author: { role: 'bot', id: act.bot === 0 && control.holder === 'bot' ? control.bot : OTHER_BOT },
    parts: [...text(act.lost ? "Sorry, I didn't get that." : 'It is on its way.'), ...(act.asks ? QUESTION : [])],
    bot: { fallback: act.lost, intent: SECRET },
    ...(answers === undefined ? {} : { answers }),
    ...epochOf(act.epoch, state),
  };
}

/** One step on: acknowledged, offered, accepted, answered. */
function serve(agent: AgentRef, { handoff }: Conversation): Command {
  switch (handoff?.phase) {
    case 'requested':
      return { type: 'acknowledge', handoff: handoff.id, outlook: SECOND };
    case 'queued':
      return { type: 'offer', handoff: handoff.id, agent };
    case 'offered':
      return { type: 'accept', handoff: handoff.id, agent: handoff.agent };
    case 'active':
      return { type: 'say', author: { role: 'agent', ...handoff.agent }, parts: text('Hello, how can I help?') };
    case undefined:
      return { type: 'say', author: ADA, parts: text('there is a wrong charge on my card') };
  }
}

function churn(way: number, { control, handoff }: Conversation): Command {
  const queue = way === 0 ? BILLING : SALES;
  switch (control.holder) {
    case 'bot':
      return way === 2
        ? { type: 'pass', by: API, to: { bot: control.bot === BOT ? OTHER_BOT : BOT } }
        : { type: 'request-handoff', by: API, reason: 'api', queue };
    case 'queue':
      return way === 0
        ? { type: 'cancel', by: API }
        : { type: 'accept', handoff: handoff?.id ?? 'hnd_0', agent: EVE, direct: true };
    case 'agent':
      if (way === 0) return { type: 'release', by: SYSTEM };
      return way === 1
        ? { type: 'requeue', handoff: handoff?.id ?? 'hnd_0', why: 'requeued' }
        : { type: 'pass', by: API, to: { queue } };
    case 'nobody':
      return { type: 'request-handoff', by: API, reason: 'api', queue };
  }
}

function agentOf(index: number, { handoff }: Conversation): AgentRef {
  return AGENTS[index] ?? (handoff && 'agent' in handoff ? handoff.agent : DANA);
}

function actorOf(index: number, { control }: Conversation): Actor {
  const holder = control.holder === 'bot' ? ({ role: 'bot', id: control.bot } as const) : null;
  return ACTORS[index] ?? holder ?? (control.holder === 'agent' ? staff(control.agent) : API);
}

function goalOf(index: number): Extract<Command, { type: 'pass' }>['to'] {
  const goals = [
    { agent: DANA },
    { agent: ZOE },
    { queue: SALES },
    { queue: BILLING },
    { desk: ZENDESK, queue: BILLING },
    { bot: BOT },
    { bot: OTHER_BOT },
    { queue: TYRES },
  ] as const;
  return goals[index] ?? { queue: SALES };
}

function handoffOf(which: Which, { handoff, ended }: Conversation): HandoffId {
  return (which === 'open' ? handoff?.id : ended?.id) ?? 'hnd_0';
}

function turnOf(turn: 'first' | 'last' | 'other', { turns, seq }: Conversation): number {
  return (turn === 'first' ? turns[0] : turn === 'last' ? turns.at(-1) : { seq })?.seq ?? 2;
}

function epochOf(epoch: Epoch, { control }: Conversation): { epoch?: number } {
  return epoch === 'none' ? {} : { epoch: epoch === 'now' ? control.epoch : control.epoch - 1 };
}

function words(index: number, choice: number): Part[] {
  const picked = CHOICES[choice];
  return picked === undefined ? text(WORDS[index] ?? '') : [{ type: 'text', text: picked, choice: picked }];
}
