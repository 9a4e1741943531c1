import {
  IconAlertTriangle,
  IconArrowsExchange,
  IconCircleCheck,
  IconClock,
  IconEye,
  IconFlag3,
  IconHandStop,
  IconPencil,
  IconPlayerPause,
  IconRobot,
  IconSparkles,
  IconStar,
  IconUserCheck,
  IconUsers,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { t } from '#strings/strings.ts';
import { hourOf, momentOf } from '#ui/duration.ts';
import classes from './line-view.module.css';
import type { Line } from './lines.ts';

const ICON = { size: 14, stroke: 1.8 } as const;
const SIGNS: Record<Line['sign'], ReactNode> = {
  begin: <IconSparkles {...ICON} />,
  hand: <IconHandStop {...ICON} />,
  queue: <IconUsers {...ICON} />,
  person: <IconUserCheck {...ICON} />,
  bot: <IconRobot {...ICON} />,
  eye: <IconEye {...ICON} />,
  flag: <IconFlag3 {...ICON} />,
  pause: <IconPlayerPause {...ICON} />,
  pass: <IconArrowsExchange {...ICON} />,
  done: <IconCircleCheck {...ICON} />,
  clock: <IconClock {...ICON} />,
  star: <IconStar {...ICON} />,
  trouble: <IconAlertTriangle {...ICON} />,
  edit: <IconPencil {...ICON} />,
};

/** Something that happened, said quietly. */
export function LineView({ line, at, onJump }: { line: Line; at: number; onJump: (seq: number) => void }) {
  const { quote } = line;
  const seq = quote?.seq;
  return (
    <div className={classes.line} data-tone={line.tone}>
      <span className={classes.sign} aria-hidden>
        {SIGNS[line.sign]}
      </span>
      <p className={classes.text}>
        {line.text}
        {line.detail && <span className={classes.detail}>: {line.detail}</span>}
        {quote &&
          (seq !== undefined ? (
            <button type="button" className={classes.quote} onClick={() => onJump(seq)} title={t.context.jump}>
              “<bdi>{quote.text}</bdi>”
            </button>
          ) : (
            <span className={classes.quote}>
              “<bdi>{quote.text}</bdi>”
            </span>
          ))}
        <time className={classes.time} dateTime={new Date(at).toISOString()} title={momentOf(at)}>
          {hourOf(at)}
        </time>
      </p>
      {line.note && (
        <p className={classes.note} dir="auto">
          {line.note}
        </p>
      )}
    </div>
  );
}
