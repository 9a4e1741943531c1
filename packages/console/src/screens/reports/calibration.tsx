import type { WaitReport } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import classes from './calibration.module.css';
import { percentOf } from './numbers.ts';
import reports from './reports.module.css';

const words = t.reports.waits;
const NAMES = [words.ends.low, words.ends.middle, words.ends.high];

/** What the ends of the range should mean, and what they meant. */
export function CalibrationPlot({ calibration }: { calibration: WaitReport['calibration'] }) {
  if (calibration.every(({ seen }) => seen === null)) return <p className={reports.few}>{words.tooFew}</p>;
  return (
    <ul className={classes.levels}>
      {calibration.map(({ aimed, seen }, index) => (
        <li key={aimed}>
          <div className={classes.name}>
            <span>{NAMES[index]}</span>
            <span className={classes.numbers}>
              {words.seen} <strong>{percentOf(seen)}</strong> · {words.aimed} {percentOf(aimed)}
            </span>
          </div>
          <div className={classes.track}>
            <span className={classes.fill} style={{ inlineSize: `${(seen ?? 0) * 100}%` }} />
            <span className={classes.mark} style={{ insetInlineStart: `${aimed * 100}%` }} />
          </div>
        </li>
      ))}
    </ul>
  );
}
