// What the rules cost: CPU time of one decision (decide, and evolve within it) for the messages that a busy server relays.
// `node bench/core/decide.ts [seconds]` prints microseconds a message; the best of ROUNDS, because others use the machine.
import {
  type Command,
  type Conversation,
  decide,
  defaultRules,
  forCustomer,
  type Given,
  type Logged,
  nextDeadline,
  type Rules,
  react,
} from '@baton/core';

const SECONDS = Number(process.argv[2] ?? 2);
const ROUNDS = 3;
const RULES: Rules = defaultRules('que_1');
const DANA = { id: 'agt_1', name: 'Dana' } as const;
const ADA = { role: 'customer', id: 'cus_1', name: 'Ada' } as const;
/** As long as people write: 60 to 120 characters. */
const WORDS = [
  'Hello, I ordered two pairs of shoes last week and only one of them has arrived so far.',
  'It says delivered on Monday, but nobody was at home and there is no note from the carrier.',
  'Could you please check whether the second parcel is still on its way? The order is 1001.',
];

let made = 0;
const given = (): Given => ({ at: 1_795_343_400_000 + made++, newId: (prefix) => `${prefix}_${made}`, rules: RULES });

function open(bot: boolean): Conversation {
  const opened = decide(
    null,
    { type: 'open', id: 'cnv_1', workspace: 'wsp_1', channel: 'int_1', customer: 'cus_1', bot: bot ? 'int_2' : null },
    given(),
  );
  if (!('state' in opened)) throw new Error('The conversation was not opened.');
  return opened.state;
}

function after(state: Conversation, command: Command): { state: Conversation; events: Logged[] } {
  const decision = decide(state, command, given());
  if (!('events' in decision)) throw new Error(`${command.type} was not accepted: ${JSON.stringify(decision)}`);
  return decision;
}

const says = (author: Extract<Command, { type: 'say' }>['author'], text: string): Command => ({
  type: 'say',
  author,
  parts: [{ type: 'text', text }],
  clientId: `c${made}`,
});

/** A conversation under way, and who writes in it by turns. */
interface Case {
  name: string;
  begin: () => Conversation;
  message: (index: number) => Command;
  /** What a node does with each event besides deciding: who is woken, when is it looked at next, what may be shown. */
  around?: boolean;
}

const words = (index: number) => `${WORDS[index % WORDS.length]} ${index}`;
const relay = (index: number) => says(index % 2 ? { role: 'agent', ...DANA } : ADA, words(index));
const withDana = () => after(open(true), { type: 'take', agent: DANA }).state;
const CASES: Case[] = [
  { name: 'customer and agent by turns', begin: withDana, message: relay },
  { name: '  with react, nextDeadline and forCustomer', begin: withDana, message: relay, around: true },
  {
    name: 'customer and bot by turns (escalation reads the customer)',
    begin: () => open(true),
    message: (index) => says(index % 2 ? { role: 'bot', id: 'int_2' } : ADA, words(index)),
  },
];

function run({ begin, message, around }: Case): { messages: number; micros: number } {
  let state = begin();
  let messages = 0;
  const until = performance.now() + SECONDS * 1_000;
  const start = process.cpuUsage();
  while (performance.now() < until) {
    for (let index = 0; index < 1_000; index++, messages++) {
      const before = state;
      const decided = after(state, message(messages));
      // What calls for a person begins a new conversation: the relay is what is measured.
      state = decided.state.control.holder === 'queue' ? begin() : decided.state;
      if (!around) continue;
      react(before, decided.events, decided.state);
      nextDeadline(decided.state, RULES);
      for (const { event } of decided.events) forCustomer(event);
    }
  }
  const { user, system } = process.cpuUsage(start);
  return { messages, micros: user + system };
}

for (const one of CASES) {
  const rounds = Array.from({ length: ROUNDS }, () => run(one));
  const best = Math.min(...rounds.map(({ messages, micros }) => micros / messages));
  const state = JSON.stringify(one.begin()).length;
  console.log(
    `${one.name.padEnd(60)} ${best.toFixed(2).padStart(7)} us a message (state at its start: ${state} bytes)`,
  );
}
