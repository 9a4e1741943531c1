import { ActionIcon, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import classes from './hours-fields.module.css';
import { crossesMidnight, fieldOf, nextTime, type OpenTime, ofField } from './times.ts';

const words = t.hours;

interface OpenTimesProps {
  /** Whose times they are: a weekday, or a date. */
  label: string;
  value: readonly OpenTime[];
  onChange: (value: OpenTime[]) => void;
}

/** The times of one day; none is closed. */
export function OpenTimes({ label, value, onChange }: OpenTimesProps) {
  const set = (at: number, change: Partial<OpenTime>) =>
    onChange(value.map((time, index) => (index === at ? { ...time, ...change } : time)));
  return (
    <div className={classes.times}>
      {value.length === 0 && <span className={classes.closed}>{words.closed}</span>}
      {value.map((time, index) => (
        // Times have no names of their own: their place is who they are.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <span key={index} className={classes.time}>
          <TextInput
            type="time"
            aria-label={words.from(label)}
            value={time.from}
            onChange={(event) => set(index, { from: event.currentTarget.value })}
            required
          />
          <span aria-hidden>–</span>
          <TextInput
            type="time"
            aria-label={words.to(label)}
            value={fieldOf(time.to)}
            onChange={(event) => set(index, { to: ofField(event.currentTarget.value) })}
            required
          />
          {crossesMidnight(time) && <span className={classes.next}>{words.nextDay}</span>}
          <ActionIcon
            aria-label={words.removeTime(label)}
            onClick={() => onChange(value.filter((_, other) => other !== index))}
          >
            <IconX size={16} />
          </ActionIcon>
        </span>
      ))}
      <ActionIcon aria-label={words.addTime(label)} onClick={() => onChange([...value, nextTime(value)])}>
        <IconPlus size={16} />
      </ActionIcon>
    </div>
  );
}
