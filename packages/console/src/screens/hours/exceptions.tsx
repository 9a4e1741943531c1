import type { Hours } from '@baton/protocol';
import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import classes from './hours-fields.module.css';
import { OpenTimes } from './open-times.tsx';

const words = t.hours;
type Exception = Hours['exceptions'][number];

/** A day of every year is kept without one; a date field needs one that has this day. */
function someYear(date: string): number {
  return date === '02-29' ? 2024 : new Date().getFullYear();
}

/** Holidays and other days. */
export function Exceptions({
  value,
  onChange,
}: {
  value: readonly Exception[];
  onChange: (value: Exception[]) => void;
}) {
  const set = (at: number, change: Partial<Exception>) =>
    onChange(value.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return (
    <fieldset className={classes.week}>
      <legend>{words.exceptions}</legend>
      <p className={classes.text}>{words.exceptionsHint}</p>
      {value.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day may be changed, its place is who it is
        <div key={index} className={classes.exception}>
          <ExceptionDay value={one} onChange={(change) => set(index, change)} />
          <OpenTimes label={one.date || words.date} value={one.open} onChange={(open) => set(index, { open })} />
          <ActionIcon
            className={classes.remove}
            aria-label={words.removeException(one.date)}
            onClick={() => onChange(value.filter((_, other) => other !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...value, { date: '', open: [], name: '' }])}
        w="fit-content"
      >
        {words.addException}
      </Button>
    </fieldset>
  );
}

function ExceptionDay({ value, onChange }: { value: Exception; onChange: (change: Partial<Exception>) => void }) {
  const { date } = value;
  const yearly = date.length === 'MM-DD'.length;
  const set = (day: string, everyYear: boolean) =>
    onChange({ date: everyYear && day ? day.slice('2026-'.length) : day });
  const full = yearly ? `${someYear(date)}-${date}` : date;
  return (
    <div className={classes.which}>
      <TextInput
        type="date"
        aria-label={words.date}
        value={full}
        onChange={(event) => set(event.currentTarget.value, yearly)}
        required
      />
      <TextInput
        aria-label={words.name}
        placeholder={words.name}
        value={value.name ?? ''}
        maxLength={100}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        dir="auto"
      />
      <Checkbox
        label={words.yearly}
        checked={yearly}
        disabled={date === ''}
        onChange={(event) => set(full, event.currentTarget.checked)}
      />
    </div>
  );
}
