import {
  type Action,
  assess,
  defaultPolicy,
  emptyMemory,
  judge,
  type Memory,
  remember,
  type Signal,
  type SignalKind,
} from '@baton/core';
import type { Dialogue, Labelled } from './data.ts';

const policy = defaultPolicy();

export interface Score {
  count: number;
  positives: number;
  precision: number;
  recall: number;
  f1: number;
}

function scoreOf(results: readonly { hit: boolean; label: boolean }[]): Score {
  const right = results.filter(({ hit, label }) => hit && label).length;
  const hits = results.filter(({ hit }) => hit).length;
  const positives = results.filter(({ label }) => label).length;
  const precision = hits === 0 ? 0 : right / hits;
  const recall = positives === 0 ? 0 : right / positives;
  const f1 = right === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { count: results.length, positives, precision, recall, f1 };
}

/** Does the signal count under the default policy? */
function counts(signal: Signal): boolean {
  return signal.kind === 'topic' || signal.score >= policy.signals[signal.kind].threshold;
}

function signalsOf(text: string): Signal[] {
  return assess(emptyMemory(), { seq: 1, text }, policy).filter(counts);
}

/** Sentences one by one: does any signal of `wanted` count? */
export function scoreSentences(rows: readonly Labelled[], wanted: (signal: Signal) => boolean): Score {
  return scoreOf(rows.map(({ text, label }) => ({ hit: signalsOf(text).some(wanted), label: label === 1 })));
}

/** Sentences that were judged wrongly, for the eye. */
export function wrong(rows: readonly Labelled[], wanted: (signal: Signal) => boolean): string[] {
  return rows.flatMap(({ source, text, label }) => {
    const hit = signalsOf(text).find(wanted);
    if (hit && label === 0) return [`false  ${source}: ${text} [${hit.evidence.words?.join('; ') ?? ''}]`];
    return !hit && label === 1 ? [`missed ${source}: ${text}`] : [];
  });
}

export interface Played {
  dialogue: string;
  text: string;
  votes: number[] | undefined;
  signals: Signal[];
  action: Action;
}

/** Plays a dialogue as if every turn of the other side were the bot's; where there is none, the bot answers "...". */
export function play(dialogue: Dialogue): Played[] {
  let memory: Memory = emptyMemory();
  const played: Played[] = [];
  const twoSided = dialogue.turns.some(({ customer }) => !customer);
  dialogue.turns.forEach(({ customer, text, votes }, index) => {
    if (!customer) {
      memory = remember(memory, { role: 'bot', text, fallback: false });
      return;
    }
    const seq = index + 1;
    const signals = assess(memory, { seq, text }, policy);
    const { action, evidence } = judge(signals, memory, policy);
    played.push({ dialogue: dialogue.id, text, votes, signals: signals.filter(counts), action });
    memory = remember(memory, { role: 'customer', seq, text });
    if (action === 'offer') memory = remember(memory, { role: 'proposed', kinds: evidence.map(({ kind }) => kind) });
    if (!twoSided) memory = remember(memory, { role: 'bot', text: '...', fallback: false });
  });
  return played;
}

export interface Alarms {
  conversations: number;
  turns: number;
  /** Conversations per 1,000 with at least one such signal. */
  per1000: Record<SignalKind, number>;
  /** Conversations per 1,000 that were proposed, or handed off. */
  proposedPer1000: number;
  handedOffPer1000: number;
  /** Share of customer turns that count as a repeated question. */
  repeatedTurns: number;
}

const KINDS: readonly SignalKind[] = [
  'asked_for_human',
  'repeated_question',
  'repeated_fallback',
  'anger',
  'topic',
  'bot_error',
];

export function alarms(all: readonly Dialogue[]): Alarms {
  const played = all.map(play);
  const turns = played.flat();
  const per = (hit: (turn: Played) => boolean) =>
    (1000 * played.filter((dialogue) => dialogue.some(hit)).length) / Math.max(1, all.length);
  const per1000 = Object.fromEntries(
    KINDS.map((kind) => [kind, per(({ signals }) => signals.some((signal) => signal.kind === kind))]),
  ) as Alarms['per1000'];
  return {
    conversations: all.length,
    turns: turns.length,
    per1000,
    proposedPer1000: per(({ action }) => action === 'offer'),
    handedOffPer1000: per(({ action }) => action === 'handoff'),
    repeatedTurns:
      turns.filter(({ signals }) => signals.some(({ kind }) => kind === 'repeated_question')).length /
      Math.max(1, turns.length),
  };
}

/** Anger against people's votes: positive when two thirds voted below 3, negative when nobody did, the rest left out. */
export function scoreAnger(all: readonly Dialogue[]): Score {
  const results: { hit: boolean; label: boolean }[] = [];
  for (const { text, votes, signals } of all.flatMap(play)) {
    if (!votes || votes.length === 0 || text === '') continue;
    const low = votes.filter((vote) => vote < 3).length;
    if (low > 0 && low / votes.length < 2 / 3) continue;
    results.push({ hit: signals.some(({ kind }) => kind === 'anger' || kind === 'repeated_question'), label: low > 0 });
  }
  return scoreOf(results);
}

/** The turns that raised something, with what and by which words, for the eye. */
export function alarmLines(all: readonly Dialogue[]): string[] {
  return all.flatMap(play).flatMap(({ dialogue, text, signals }) => {
    if (signals.length === 0) return [];
    const raised = signals.map(({ kind, topic, score, evidence }) => {
      const words = evidence.words?.join('; ') ?? '';
      return `${topic ?? kind} ${score.toFixed(2)} [${words}]`;
    });
    return [`raised ${raised.join(', ')} by ${dialogue}: ${text.slice(0, 200).replaceAll('\n', ' ')}`];
  });
}
