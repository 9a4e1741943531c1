import { t } from '#strings/strings.ts';
import { LengthField } from './length-field.tsx';
import { type LimitName, MAY_BE_OFF } from './limits.ts';

interface LimitFieldProps {
  name: LimitName;
  /** Seconds. */
  value: number | null | undefined;
  /** What counts while the field is empty, in seconds. */
  otherwise?: number | null | undefined;
  onChange: (value: number | null) => void;
}

/** One time limit. */
export function LimitField({ name, value, otherwise, onChange }: LimitFieldProps) {
  return (
    <LengthField
      label={t.settings.timing.names[name]}
      seconds={value}
      otherwise={otherwise}
      empty={MAY_BE_OFF.has(name) ? t.settings.off : ''}
      onChange={onChange}
    />
  );
}
