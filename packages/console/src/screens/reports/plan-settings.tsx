import type { PlanInput } from '@baton/protocol';
import type { PlanBegin } from '#data/planning.ts';
import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';
import { Card } from './card.tsx';
import { percentOf } from './numbers.ts';
import classes from './planning.module.css';

const words = t.reports.planning.settings;
type Queue = PlanInput['otherQueues'][number];

/** What the plan took from the workspace's settings, queue by queue, and what is set and cannot be played. */
export function PlanSettings({ input, notPlayed }: Pick<PlanBegin, 'input' | 'notPlayed'>) {
  const skilled = input.agents.filter(({ skills, languages }) => skills !== null || languages !== null).length;
  return (
    <Card title={words.title} hint={words.hint}>
      <div className={classes.settings}>
        {[input, ...input.otherQueues].map((queue) => (
          <section key={queue.name}>
            <h3 dir="auto">{queue.name}</h3>
            <ul>
              {linesOf(queue).map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ))}
        {skilled > 0 && <p>{words.skilled(skilled, input.agents.length)}</p>}
        {notPlayed.length > 0 && (
          <section>
            <h3>{words.notPlayed}</h3>
            <ul>
              {notPlayed.map((what) => (
                <li key={what}>{words.cannot[what]}</li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Card>
  );
}

function linesOf({ routing, needs, returningShare }: Queue): string[] {
  const { strategy, wrapUpSeconds, preferSeconds, stickySeconds, overflow } = routing;
  const prefers = needs.some(({ preferredSkills, language }) => preferredSkills.length > 0 || language !== null);
  return [
    words.asked(t.routing.strategies[strategy]),
    ...(wrapUpSeconds > 0 ? [words.wrapUp(length(wrapUpSeconds))] : []),
    ...needs.map(({ share, ...need }) => words.need(percentOf(share), wantsOf(need))),
    ...(prefers ? [words.prefer(length(preferSeconds))] : []),
    ...(stickySeconds !== null ? [words.sticky(percentOf(returningShare), length(stickySeconds))] : []),
    ...(overflow ? [words.overflow(overflow.queue, length(overflow.afterSeconds))] : []),
  ];
}

function wantsOf({ skills, preferredSkills, language, priority }: Omit<Queue['needs'][number], 'share'>): string {
  const wants = [
    ...skills,
    ...preferredSkills.map(words.ifPossible),
    ...(language === null ? [] : [words.speaks(language)]),
    ...(priority === 0 ? [] : [words.priority(priority)]),
  ];
  return wants.join(', ');
}

function length(seconds: number): string {
  return exactLengthOf(seconds * 1_000);
}
