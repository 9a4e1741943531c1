import type { Millis } from '#ids.ts';
import type { AgentSlots } from './assign.ts';
import type { Waiting } from './order.ts';
import { DEFAULT_ROUTING } from './routing.ts';

/**
 * What would be better for a customer, but not at any price: the agent who had him last, then one with the skills and
 * the language that he prefers. Each is waited for only so long, and only while somebody is there who could fulfil it.
 */
interface Wish {
  /** From this moment on anybody will do. */
  until: Millis;
  isMetBy(agent: AgentSlots): boolean;
}

/**
 * Those of `free` who may be asked now: where somebody of `serving` could fulfil a wish that has not run out, nobody else.
 *
 * @param free who could be asked, apart from wishes
 * @param serving the same with those who are busy now
 */
export function grantWishes(
  waiting: Waiting,
  free: readonly AgentSlots[],
  serving: readonly AgentSlots[],
  now: Millis,
): readonly AgentSlots[] {
  let left = free;
  let able = serving;
  for (const wish of wishesOf(waiting)) {
    if (now >= wish.until) continue;
    const better = able.filter(wish.isMetBy);
    if (better.length === 0) continue;
    able = better;
    left = left.filter(wish.isMetBy);
  }
  return left;
}

/** How much of what he wishes for an agent has: who had him last counts more than all skills and the language. */
export function wishesMet(waiting: Waiting, agent: AgentSlots): number {
  let met = isLastAgent(waiting, agent) ? MORE_THAN_SKILLS : 0;
  if (speaks(agent, waiting)) met += 1;
  for (const skill of waiting.preferredSkills ?? []) if (knows(agent, skill)) met += 1;
  return met;
}

/** More than anybody has skills. */
const MORE_THAN_SKILLS = 1_000;

function wishesOf(waiting: Waiting): Wish[] {
  const { stickySeconds, preferSeconds, language } = waiting.routing ?? DEFAULT_ROUTING;
  const since = waiting.queuedAt ?? waiting.waitingSince;
  const wishes: Wish[] = [];
  if (stickySeconds !== null && waiting.lastAgent)
    wishes.push({ until: since + stickySeconds * 1_000, isMetBy: (agent) => isLastAgent(waiting, agent) });
  const preferred = waiting.preferredSkills ?? [];
  if (preferred.length > 0)
    wishes.push({
      until: since + preferSeconds * 1_000,
      isMetBy: (agent) => preferred.every((skill) => knows(agent, skill)),
    });
  if (language === 'preferred' && waiting.language)
    wishes.push({ until: since + preferSeconds * 1_000, isMetBy: (agent) => speaks(agent, waiting) });
  return wishes;
}

function isLastAgent({ lastAgent, routing }: Waiting, { agent }: AgentSlots): boolean {
  return (routing ?? DEFAULT_ROUTING).stickySeconds !== null && lastAgent === agent.id;
}

function knows({ skills }: AgentSlots, skill: string): boolean {
  return skills === null || skills.includes(skill);
}

/** Does he speak the customer's language? Whose languages nobody wrote down speaks all, and an unknown one matches all. */
export function speaks(
  { languages }: AgentSlots,
  { language, routing }: Pick<Waiting, 'language' | 'routing'>,
): boolean {
  if (!language || !languages || (routing ?? DEFAULT_ROUTING).language === 'ignored') return true;
  return languages.includes(language);
}

/** `de` of `de-AT`; null where it names no language. */
export function primaryTag(locale: string | null): string | null {
  return locale === null ? null : (/^[A-Za-z]+/.exec(locale)?.[0].toLowerCase() ?? null);
}
