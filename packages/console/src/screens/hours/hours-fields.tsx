import type { Hours } from '@baton/protocol';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import { Exceptions } from './exceptions.tsx';
import classes from './hours-fields.module.css';
import { OpenTimes } from './open-times.tsx';
import { usualHours, WEEKDAYS, type Weekday, zones } from './times.ts';

const words = t.hours;

interface HoursFieldsProps {
  /** Null: always open. */
  value: Hours | null;
  onChange: (value: Hours | null) => void;
}

/** When a queue is served: the week as a grid, and days that are not like the others. */
export function HoursFields({ value, onChange }: HoursFieldsProps) {
  return (
    <>
      <SegmentedControl
        aria-label={words.tab}
        value={value === null ? 'always' : 'hours'}
        onChange={(next) => onChange(next === 'always' ? null : usualHours())}
        data={[
          { value: 'always', label: words.always },
          { value: 'hours', label: words.byHours },
        ]}
      />
      <p className={classes.text}>{words.text}</p>
      {value && <OpenHours value={value} onChange={onChange} />}
    </>
  );
}

function OpenHours({ value, onChange }: { value: Hours; onChange: (value: Hours) => void }) {
  const set = (day: Weekday, open: Hours['week'][Weekday]) =>
    onChange({ ...value, week: { ...value.week, [day]: open } });
  const copy = () => {
    const monday = value.week.mon ?? [];
    onChange({ ...value, week: { ...value.week, tue: monday, wed: monday, thu: monday, fri: monday } });
  };
  return (
    <>
      <Select
        label={words.zone}
        data={zones(value.zone)}
        value={value.zone}
        onChange={(zone) => zone && onChange({ ...value, zone })}
        searchable
        allowDeselect={false}
        limit={80}
      />
      <fieldset className={classes.week}>
        <legend>{words.week}</legend>
        {WEEKDAYS.map((day) => (
          <div key={day} className={classes.day}>
            <span className={classes.name}>{words.days[day]}</span>
            <OpenTimes label={words.days[day]} value={value.week[day] ?? []} onChange={(open) => set(day, open)} />
          </div>
        ))}
      </fieldset>
      <Button variant="subtle" size="compact-sm" leftSection={<IconCopy size={14} />} onClick={copy} w="fit-content">
        {words.copy}
      </Button>
      <Exceptions value={value.exceptions} onChange={(exceptions) => onChange({ ...value, exceptions })} />
    </>
  );
}
