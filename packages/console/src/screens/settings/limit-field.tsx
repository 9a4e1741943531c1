import { NumberInput } from '@mantine/core';
import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';
import { type LimitName, MAY_BE_OFF } from './limits.ts';
import classes from './page.module.css';

const words = t.settings.timing;

interface LimitFieldProps {
  name: LimitName;
  value: number | null | undefined;
  /** What counts while the field is empty. */
  otherwise?: number | null | undefined;
  onChange: (value: number | null) => void;
}

/** One time limit in seconds, and what that is in words. */
export function LimitField({ name, value, otherwise, onChange }: LimitFieldProps) {
  const shown = value ?? otherwise;
  return (
    <div className={classes.limit}>
      <span>{words.names[name]}</span>
      <NumberInput
        aria-label={`${words.names[name]}, ${words.seconds}`}
        value={value ?? ''}
        placeholder={otherwise === undefined || otherwise === null ? t.settings.off : String(otherwise)}
        min={0}
        hideControls
        onChange={(next) => onChange(next === '' ? null : Number(next))}
      />
      <span className={classes.words}>
        {shown === undefined || shown === null
          ? MAY_BE_OFF.has(name)
            ? t.settings.off
            : ''
          : exactLengthOf(shown * 1_000)}
      </span>
    </div>
  );
}
