import { type BotReport, MAX_TEXT, type Part } from '@baton/core';
import type { Articles } from '#ports/articles.ts';
import type { BotAction, BotCall, BotTurn } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { returnLine } from './by-rules.ts';
import type { Completion } from './completion.ts';
import type { ChatMessage, Model } from './model.ts';
import { messagesFor } from './prompt.ts';
import { runTool, TOOL_DEFINITIONS } from './tools.ts';
import { steering } from './whispers.ts';

/** Completions of one turn at most: a model that only calls tools must not go on for ever. */
const ROUNDS = 4;
/** Passages that the model gets without having to ask. */
const PASSAGES = 4;

interface Deps {
  model: Model;
  articles: Articles;
  name: string;
  about: string;
}

/** What has come of the tools so far. */
interface Progress {
  tools: NonNullable<BotReport['tools']>;
  sources: Map<string, { title: string }>;
}

/**
 * The house bot with a model. The model may search the articles and ask who is there; `escalate_to_human` ends the turn, after what
 * it has said. Text that announces a person without the call counts as the call: the customer must not wait for nobody.
 */
export async function answerByModel(
  turn: BotTurn,
  call: BotCall,
  { model, articles, name, about }: Deps,
): Promise<BotAction[]> {
  const { say, hints } = steering(turn.whispers);
  if (say.length > 0) return [{ type: 'say', parts: textParts(say.join('\n')), report: { intent: 'whispered' } }];
  if (turn.message === null) return [returnLine(turn)];

  const found = await articles.search(turn.message.text, { hint: hints.join(' '), limit: PASSAGES });
  const messages = messagesFor(turn, found, { name, about }, hints);
  const progress: Progress = { tools: [], sources: new Map() };
  for (const { title, coverage } of found) if (coverage >= 0.5) progress.sources.set(title, { title });

  for (let round = 0; round < ROUNDS; round++) {
    const completion = await model.complete(messages, TOOL_DEFINITIONS, call);
    const text = completion.text.trim();
    if (completion.calls.length === 0) return inWords(text, turn, progress);
    const handoff = await useTools(completion, turn, articles, messages, progress);
    if (handoff) return [...(text === '' ? [] : [said(text, progress)]), handoff];
  }
  throw new AdapterFailure('rejected', `The model called tools ${ROUNDS} times in a row without answering.`);
}

/** Carries out the calls and puts their answers before the model; gives the handoff if one was asked for. */
async function useTools(
  completion: Completion,
  turn: BotTurn,
  articles: Articles,
  messages: ChatMessage[],
  progress: Progress,
): Promise<BotAction | null> {
  messages.push({
    role: 'assistant',
    content: completion.text === '' ? null : completion.text,
    tool_calls: completion.calls.map((one) => ({
      id: one.id,
      type: 'function',
      function: { name: one.name, arguments: one.arguments },
    })),
  });
  let handoff: BotAction | null = null;
  for (const one of completion.calls) {
    const result = await runTool(one, turn, articles);
    if (result.kind === 'handoff') {
      progress.tools.push({ name: one.name, ok: true });
      handoff ??= result.action;
      continue;
    }
    progress.tools.push(
      result.ok ? { name: one.name, ok: true } : { name: one.name, ok: false, detail: result.content },
    );
    for (const source of result.sources ?? []) progress.sources.set(source.title, source);
    messages.push({ role: 'tool', tool_call_id: one.id, content: result.content });
  }
  return handoff;
}

function inWords(text: string, turn: BotTurn, progress: Progress): BotAction[] {
  if (text === '') throw new AdapterFailure('rejected', 'The model answered with nothing.');
  const answer = said(text, progress);
  if (!announcesPerson(text)) return [answer];
  const detail = 'The bot told the customer that a person takes over.';
  return [
    answer,
    {
      type: 'handoff',
      detail,
      ...(turn.message ? { summary: `The customer wrote: “${turn.message.text.slice(0, 500)}”` } : {}),
    },
  ];
}

/** "I'm transferring you now", "I have connected you": said as a fact, not as a question or an offer. */
export function announcesPerson(text: string): boolean {
  return /\bI(?:['’]m| am|['’]ll| will|['’]ve| have)(?: now| just| going to)* (?:connect|transfer|hand|pass|put|escalat|forward)\w* (?:you|your|this|the)\b[^.?!]*(?:agent|person|human|colleague|team|specialist|representative|somebody|someone|through|over)\b[^?]*?(?:[.!]|$)/i.test(
    text,
  );
}

/** How a model says that it does not know: counted as a fallback, as with any bot. */
function soundsLost(text: string): boolean {
  return /\b(?:I (?:do not|don['’]t|am not|['’]m not|could not|couldn['’]t|cannot|can['’]t) (?:know|sure|find|have (?:any )?information|answer)|no information (?:about|on))\b/i.test(
    text,
  );
}

function said(text: string, { tools, sources }: Progress): BotAction {
  const lost = soundsLost(text);
  const report: BotReport = {
    intent: 'model',
    ...(lost ? { fallback: true } : {}),
    ...(tools.length > 0 ? { tools } : {}),
    ...(!lost && sources.size > 0 ? { sources: [...sources.values()].slice(0, 20) } : {}),
  };
  return { type: 'say', parts: textParts(text), report };
}

/** A message has a limit; what is longer is cut after a sentence, because a refused answer would be none. */
function textParts(text: string): Part[] {
  if (text.length <= MAX_TEXT) return [{ type: 'text', text }];
  const head = text.slice(0, MAX_TEXT);
  return [{ type: 'text', text: head.slice(0, Math.max(head.lastIndexOf('. ') + 1, MAX_TEXT / 2)) }];
}
