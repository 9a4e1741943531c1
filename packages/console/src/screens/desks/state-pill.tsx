import { t } from '#strings/strings.ts';
import type { DeskState } from './desk-state.ts';
import classes from './desks.module.css';

/** How a desk is doing, by colour and word. */
export function StatePill({ state }: { state: DeskState }) {
  return (
    <span className={classes.pill} data-state={state}>
      <span className={classes.dot} aria-hidden />
      {t.settings.desks.states[state]}
    </span>
  );
}
