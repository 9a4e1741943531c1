import { NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '#strings/strings.ts';
import { LENGTH_UNITS, type LengthUnit, unitOf } from '#ui/duration.ts';
import classes from './page.module.css';

const words = t.settings.length;

interface LengthFieldProps {
  label: string;
  /** Null while the field is empty. */
  seconds: number | null | undefined;
  /** What counts while it is empty, in seconds; null: nothing does, it is switched off. */
  otherwise?: number | null | undefined;
  /** Instead of "off" while it is empty and nothing counts. */
  empty?: string;
  disabled?: boolean;
  min?: number;
  max?: number;
  onChange: (seconds: number | null) => void;
}

/** A length of time as people say it: a number and its unit. */
export function LengthField({ label, seconds, otherwise = null, empty = t.settings.off, ...field }: LengthFieldProps) {
  const { disabled = false, min = 0, max = Number.POSITIVE_INFINITY, onChange } = field;
  // Once it is being written the unit stays: 60 minutes must not turn into 1 hour under somebody's fingers.
  const [chosen, setUnit] = useState<LengthUnit | null>(null);
  const unit = chosen ?? unitOf(seconds ?? otherwise ?? LENGTH_UNITS.minute);
  const size = LENGTH_UNITS[unit];
  const names = (seconds ?? otherwise) === size ? words.unit : words.units;
  return (
    <div className={classes.limit}>
      <span>{label}</span>
      <NumberInput
        aria-label={label}
        value={seconds === null || seconds === undefined ? '' : seconds / size}
        placeholder={otherwise === null ? empty : String(otherwise / size)}
        min={min / size}
        max={max / size}
        decimalScale={3}
        hideControls
        disabled={disabled}
        onChange={(next) => {
          setUnit(unit);
          onChange(next === '' ? null : Math.round(Number(next) * size * 10) / 10);
        }}
      />
      <NativeSelect
        aria-label={words.unitOf(label)}
        size="sm"
        value={unit}
        disabled={disabled}
        data={(Object.keys(LENGTH_UNITS) as LengthUnit[]).map((one) => ({ value: one, label: names[one] }))}
        onChange={(event) => {
          const next = event.currentTarget.value as LengthUnit;
          setUnit(next);
          if (typeof seconds === 'number') onChange((seconds / size) * LENGTH_UNITS[next]);
        }}
      />
    </div>
  );
}
