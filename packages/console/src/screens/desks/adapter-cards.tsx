import type { Adapter } from '@baton/protocol';
import { t } from '#strings/strings.ts';
import { Abilities } from './can.tsx';
import { DeskMark } from './desk-mark.tsx';
import classes from './desks.module.css';

/** What can be connected: each with what it can do. */
export function AdapterCards({ adapters, onPick }: { adapters: readonly Adapter[]; onPick: (kind: string) => void }) {
  // What people know by name first, "any other" last.
  const sorted = adapters.toSorted(
    (a, b) => Number(a.kind === 'webhook') - Number(b.kind === 'webhook') || a.title.localeCompare(b.title),
  );
  return (
    <ul className={classes.cards}>
      {sorted.map(({ kind, title, can }) => (
        <li key={kind} className={classes.card}>
          <div className={classes.cardHead}>
            <DeskMark kind={kind} title={title} />
            <button type="button" className={classes.pick} onClick={() => onPick(kind)}>
              {title}
              <span className="visually-hidden">: {t.settings.desks.connect}</span>
            </button>
          </div>
          <Abilities can={can} />
        </li>
      ))}
    </ul>
  );
}
