import type { QueueId } from '@baton/core';
import type { QueueOutlook, SkillOutlook } from '#ports/bot.ts';
import type { LineView } from './line-view.ts';

/** Skills of a queue of which a bot is told, at most: those that most of its agents have. */
const MOST_SKILLS = 30;

/**
 * What a bot may promise to somebody of this language, for each queue and for each skill that is kept of its agents: it
 * may be about to ask for one that nobody who is online has.
 */
export function queueOutlooks(
  view: LineView,
  queues: readonly { id: QueueId; name: string }[],
  language: string | null,
): QueueOutlook[] {
  return queues.map(({ id, name }) => {
    const { freeCapacity: _, ...said } = view.availability(id, { skills: [], language });
    return { queue: id, name, ...said, skills: skillsOf(view, id, language) };
  });
}

function skillsOf(view: LineView, queue: QueueId, language: string | null): SkillOutlook[] {
  if (view.isElsewhere(queue)) return [];
  const counts = new Map<string, number>();
  for (const { skills, queues } of view.team)
    if (queues === null || queues.includes(queue))
      for (const skill of skills ?? []) counts.set(skill, (counts.get(skill) ?? 0) + 1);
  const most = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, MOST_SKILLS);
  return most.map(([skill]) => {
    const { state, opensAt } = view.availability(queue, { skills: [skill], language });
    return { skill, state, opensAt };
  });
}
