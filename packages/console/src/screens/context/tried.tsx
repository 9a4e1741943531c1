import { useMemo } from 'react';
import type { ConversationId } from '#data/state.ts';
import { usePicture } from '#data/use.ts';
import { plainOf } from '#screens/conversation/linkify.ts';
import { t } from '#strings/strings.ts';
import { triedOf } from './attempts.ts';
import classes from './panel.module.css';

/** The bot's questions and answers in short, so that an agent does not suggest what has failed. */
export function Tried({ id, onJump }: { id: ConversationId; onJump: (seq: number) => void }) {
  const events = usePicture((state) => state.timelines[id]?.events);
  const attempts = useMemo(() => triedOf(events ?? []), [events]);
  if (attempts.length === 0) return <p className={classes.quiet}>{t.context.triedNothing}</p>;
  return (
    <ol className={classes.list}>
      {attempts.map((one) => (
        <li key={one.seq} className={classes.attempt} data-fallback={one.fallback || undefined}>
          <button type="button" className={classes.evidence} onClick={() => onJump(one.seq)} title={t.context.jump}>
            <span className={classes.asked} dir="auto">
              {one.asked}
            </span>
            <span className={classes.answered} dir="auto">
              {one.fallback ? t.timeline.fallback : (one.answered && plainOf(one.answered)) || t.context.noAnswer}
            </span>
            {[...one.sources, ...one.tools].length > 0 && (
              <span className={classes.sources}>{[...one.sources, ...one.tools].join(' · ')}</span>
            )}
          </button>
        </li>
      ))}
    </ol>
  );
}
