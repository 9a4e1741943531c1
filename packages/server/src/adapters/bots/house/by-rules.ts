import { isNo, isYes, words } from '@baton/core';
import type { Articles, Found, Passage } from '#ports/articles.ts';
import type { BotAction, BotTurn, HistoryItem } from '#ports/bot.ts';
import { excerpt, sentences } from './excerpt.ts';
import { onReturn, phrases, pick, replyTo } from './phrases.ts';
import { isForeignScript, isReference, read, type SmallTalk } from './small-talk.ts';
import { toldBefore } from './told.ts';
import { steering } from './whispers.ts';

/** From this share of the question on, the passage is taken for its answer. Measured on demo/questions.txt. */
const SURE = 0.52;
/** From this share on, it is worth asking "is it about this?". */
const MAYBE = 0.25;
/** Another article is worth a mention from this share of the best one's score on. */
const RIVAL = 0.6;
/** How far back the bot looks for what it has said already. */
const LOOK_BACK = 8;
/** A question is split into at most this many. */
const QUESTIONS = 3;

interface Scene {
  turn: BotTurn;
  articles: Articles;
  botName: string;
  /** What was said before this message. */
  before: HistoryItem[];
  hints: string;
}

/**
 * The house bot without a model: answers with a passage of the articles or with what a colleague told the customer, makes small
 * talk, asks when it is not sure, says when it does not know, and asks whether to fetch a person when that happens again.
 */
export async function answerByRules(turn: BotTurn, articles: Articles, botName: string): Promise<BotAction[]> {
  const { say, hints } = steering(turn.whispers);
  if (say.length > 0)
    return [text(say.join('\n'), { intent: 'whispered', sources: [{ title: 'Whispered by a colleague' }] })];
  if (turn.message === null) return [returnLine(turn)];
  const { seq } = turn.message;
  const scene: Scene = {
    turn,
    articles,
    botName,
    before: turn.history.filter((item) => item.seq < seq),
    hints: hints.join(' '),
  };
  return turn.message.choice === undefined
    ? answerText(scene, turn.message.text)
    : answerChoice(scene, turn.message.choice, turn.message.text);
}

/** The bot's first words after a human stretch; nothing where nothing needs to be said. */
export function returnLine(turn: BotTurn): BotAction {
  const line = turn.returned ? onReturn(turn.returned) : null;
  return line === null ? { type: 'noop' } : text(line, { intent: 'returned' });
}

async function answerChoice(scene: Scene, choice: string, label: string): Promise<BotAction[]> {
  if (choice === 'handoff:no') return [text(phrases.staying, { intent: 'small_talk:stay' })];
  if (choice === 'handoff:yes') return [handoff(scene)];
  if (choice === NONE) return lost(scene, phrases.noneOfThese, 'none_of_these');
  const place = placeOf(choice);
  if (!place) return answerText(scene, label);
  const passage = await scene.articles.read(place.path, place.heading);
  return passage ? [article(passage, {})] : [text(phrases.gone, { intent: 'gone' })];
}

async function answerText(scene: Scene, said: string): Promise<BotAction[]> {
  const { turn, articles } = scene;
  if (said.trim() === '' || turn.message?.parts.every((part) => part.type === 'file'))
    return needsPerson(scene, phrases.files, 'file');
  if (isForeignScript(said)) return needsPerson(scene, phrases.foreign, 'foreign_language');
  if (asksForPerson(scene.before.findLast((item) => item.role !== 'customer')?.text)) {
    if (isYes(said)) return [handoff(scene)];
    if (isNo(said)) return [text(phrases.staying, { intent: 'small_talk:stay' })];
  }
  const { talk, rest } = read(said);
  if (talk !== null && rest === '') return makeSmallTalk(scene, talk);
  if (isReference(said)) return needsPerson(scene, phrases.reference, 'reference');

  const told = await fromColleagues(scene, rest);
  if (told) return told;
  // "Thank you for letting me know, Drew": what is left is no question.
  if (talk !== null && rest.split(' ').length <= 4 && (await articles.search(rest)).length === 0)
    return makeSmallTalk(scene, talk);
  const answer = await fromArticles(scene, said, rest);
  if (answer) return answer;
  return lost(scene, pick(phrases.unknown, turn.fallbacks), 'unknown');
}

/** What a colleague told this customer, unless an article fits the question better or it has just been quoted. */
async function fromColleagues({ articles, before }: Scene, question: string): Promise<BotAction[] | null> {
  const told = toldBefore(question, before);
  if (!told || justSaid(told.quote, before)) return null;
  const [rival] = await articles.search(question);
  if (rival && isSure(rival) && rival.coverage > told.share) return null;
  const sources = [{ title: `${told.name}, in this conversation` }];
  return [text(`${told.name} told you: “${told.quote}”`, { intent: 'told_before', sources })];
}

/** Null when the articles have nothing that is even near. */
async function fromArticles(scene: Scene, said: string, question: string): Promise<BotAction[] | null> {
  const { articles, before } = scene;
  const previous = before.findLast((item) => item.role === 'customer')?.text ?? '';
  const found = await articles.search(question, { hint: `${scene.hints} ${previous}`.trim() });
  const parts = await severalQuestions(articles, said);
  const fresh = parts.filter((passage) => !wasSaid(passage, before));
  if (fresh[0] && fresh[1]) return [article(fresh[0], { also: fresh[1] })];
  const sure = found.some(isSure) ? found : parts.length > 0 ? parts : await inContext(scene, question, previous);
  if (sure.length > 0) return best(scene, sure.filter(isSure));
  const near = found.filter((passage) => passage.onSubject && passage.coverage >= MAYBE);
  return near.length === 0 ? null : clarify(scene, near);
}

/** "And how much is that to Ireland?" is understood together with what was asked before, or with what a colleague hints. */
async function inContext(scene: Scene, question: string, previous: string): Promise<Found[]> {
  const context = `${scene.hints} ${isFollowUp(question) ? previous : ''}`.trim();
  if (context === '') return [];
  const found = await scene.articles.search(`${question} ${context}`);
  return found.some(isSure) ? found : [];
}

/** The best passage, with others that are nearly as good to choose from; never what the customer has just read. */
function best(scene: Scene, sure: readonly Found[]): BotAction[] {
  const enough = (sure[0]?.score ?? 0) * RIVAL;
  const [first, ...rivals] = sure.filter((passage) => passage.score >= enough && !wasSaid(passage, scene.before));
  if (!first) return needsPerson(scene, phrases.repeated, 'repeated');
  return [article(first, { confidence: first.coverage, offer: scene.turn.capabilities.choices ? rivals : [] })];
}

/** The best passage of each sentence of a message that asks for several things; one that is sure. */
async function severalQuestions(articles: Articles, said: string): Promise<Found[]> {
  const pieces = sentences(said);
  if (pieces.length < 2) return [];
  const answers: Found[] = [];
  for (const piece of pieces.slice(0, QUESTIONS)) {
    const [best] = await articles.search(read(piece).rest);
    if (best && isSure(best) && !answers.some((one) => one.path === best.path)) answers.push(best);
  }
  return answers;
}

function isSure(passage: Found): boolean {
  return passage.coverage >= SURE && passage.onSubject;
}

/** Leans on what was said before. */
function isFollowUp(question: string): boolean {
  return /^(?:and|but|what about|how about|or)\b|\b(?:it|that|this|they|them|there|those|one)\b/.test(question);
}

async function makeSmallTalk(scene: Scene, talk: SmallTalk): Promise<BotAction[]> {
  const { turn, articles, botName } = scene;
  if (talk === 'no_help')
    return needsPerson(scene, replyTo(talk, { botName, customerName: null, seq: turn.seq, subjects: [] }), 'no_help');
  const subjects = talk === 'what_can_you_do' ? await articles.titles(5) : [];
  const line = replyTo(talk, {
    botName,
    customerName: turn.customer.name,
    seq: turn.seq,
    subjects: subjects.map((one) => one.title),
  });
  const action = text(line, { intent: `small_talk:${talk}` });
  if (subjects.length > 0)
    action.parts.push({
      type: 'choices',
      choices: subjects.map(({ path, title }) => ({ id: choiceOf(path, null), label: label(title) })),
    });
  return [action];
}

/** The bot does not know. The first time it asks for other words; the second time it asks whether to fetch a person. */
function lost(scene: Scene, line: string, intent: string): BotAction[] {
  if (scene.turn.fallbacks >= 1) return needsPerson(scene, '', intent);
  return [text(line, { fallback: true, intent })];
}

/** Says what is the matter and asks whether to fetch a person; not again if that was asked a moment ago. */
function needsPerson(scene: Scene, line: string, intent: string): BotAction[] {
  const asked = scene.before.slice(-3).some((item) => item.role !== 'customer' && asksForPerson(item.text));
  if (asked)
    return [text(line === '' ? pick(phrases.unknown, scene.turn.fallbacks) : line, { fallback: true, intent })];
  const proposal = words(scene.turn.conversation.locale).proposal(line === '' ? 'repeated_fallback' : 'bot_asked');
  // With a line of its own the bot needs the question only, not Baton's opening sentence.
  const question = line === '' ? proposal.text : (sentences(proposal.text).at(-1) ?? proposal.text);
  const lines = [line, question, isTeamClosed(scene.turn) ? phrases.teamClosed : ''].filter((one) => one !== '');
  const action = text(lines.join(' '), { fallback: true, intent });
  action.parts.push({ type: 'choices', choices: proposal.choices });
  return [action];
}

function asksForPerson(said: string | undefined): boolean {
  return said?.includes('connect you with a person?') ?? false;
}

function isTeamClosed(turn: BotTurn): boolean {
  return turn.availability.length > 0 && turn.availability.every((queue) => queue.state === 'closed');
}

function clarify(scene: Scene, near: readonly Found[]): BotAction[] {
  if (!scene.turn.capabilities.choices)
    return lost(scene, `${phrases.unsure} ${near.map((one) => label(one.title)).join(', ')}`, 'unsure');
  if (scene.turn.fallbacks >= 1) return needsPerson(scene, '', 'unsure');
  const action = text(phrases.unsure, { fallback: true, intent: 'unsure', confidence: near[0]?.coverage ?? 0 });
  action.parts.push({ type: 'choices', choices: [...near.map(choice), { id: NONE, label: phrases.noneLabel }] });
  return [action];
}

function article(passage: Passage, more: { confidence?: number; offer?: readonly Found[]; also?: Found }): BotAction {
  const shown = more.also ? [passage, more.also] : [passage];
  const body = shown.map((one) => excerpt(one.text)).join('\n\n');
  const offer = more.offer ?? [];
  const action = text(offer.length === 0 ? body : `${body}\n\n${phrases.alsoHelpful}`, {
    intent: 'article',
    ...(more.confidence === undefined ? {} : { confidence: more.confidence }),
    sources: shown.map((one) => ({ title: one.heading === null ? one.title : `${one.title}: ${one.heading}` })),
  });
  if (offer.length > 0) action.parts.push({ type: 'choices', choices: offer.map(choice) });
  return action;
}

function wasSaid(passage: Passage, before: readonly HistoryItem[]): boolean {
  return justSaid(excerpt(passage.text), before);
}

function justSaid(words: string, before: readonly HistoryItem[]): boolean {
  return before.slice(-LOOK_BACK).some((item) => item.role === 'bot' && item.text.includes(words));
}

function handoff(scene: Scene): BotAction {
  const asked = scene.before
    .filter((item) => item.role === 'customer')
    .slice(-3)
    .map((item) => `“${item.text.slice(0, 200)}”`);
  return {
    type: 'handoff',
    reason: 'customer_asked',
    detail: 'The customer said yes to being connected with a person.',
    ...(asked.length > 0 ? { summary: `The bot could not help with: ${asked.join(', ')}` } : {}),
  };
}

type Say = Extract<BotAction, { type: 'say' }>;

function text(line: string, report: NonNullable<Say['report']>): Say {
  return { type: 'say', parts: [{ type: 'text', text: line }], report };
}

const NONE = 'article:none';

function choice(passage: Passage): { id: string; label: string } {
  return { id: choiceOf(passage.path, passage.heading), label: label(passage.heading ?? passage.title) };
}

/** Longest label that the wire carries is 200. */
function label(title: string): string {
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}

function choiceOf(path: string, heading: string | null): string {
  return `article:${path}${heading === null ? '' : `#${heading}`}`.slice(0, 200);
}

function placeOf(choice: string): { path: string; heading: string | null } | null {
  const found = /^article:([^#]+)(?:#([\s\S]+))?$/.exec(choice);
  return found?.[1] ? { path: found[1], heading: found[2] ?? null } : null;
}
