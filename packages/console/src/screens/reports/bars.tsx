import { t } from '#strings/strings.ts';
import classes from './reports.module.css';

interface Bar {
  name: string;
  /** Of the longest bar, 0 to 1. */
  share: number;
  count: string;
}

/** Named counts as bars, longest first where the caller sorts them so. */
export function Bars({ bars }: { bars: readonly Bar[] }) {
  if (bars.length === 0) return <p className={classes.few}>{t.reports.nothing}</p>;
  return (
    <ul className={classes.bars}>
      {bars.map(({ name, share, count }) => (
        <li key={name} className={classes.bar}>
          <span className={classes.barName} title={name}>
            {name}
          </span>
          <span className={classes.barTrack}>
            <span className={classes.barFill} style={{ inlineSize: `${share * 100}%` }} />
          </span>
          <span className={classes.barCount}>{count}</span>
        </li>
      ))}
    </ul>
  );
}
