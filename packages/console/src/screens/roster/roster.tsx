import type { Agent, Shift } from '@baton/protocol';
import { ActionIcon, Button, Modal } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronLeft, IconChevronRight, IconPlus, IconUpload, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useList } from '#data/admin.ts';
import { sayError } from '#data/api.ts';
import { useRemoveShift, useShifts, weekOf } from '#data/roster.ts';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import { ImportRoster } from './import-roster.tsx';
import classes from './roster.module.css';
import { ShiftForm } from './shift-form.tsx';

const words = t.roster;

/** Who is planned to work when, a week at a time. */
export function Roster() {
  const [weeks, setWeeks] = useState(0);
  const [asking, setAsking] = useState<'shift' | 'import' | null>(null);
  const from = weekOf(Date.now(), weeks);
  const shifts = useShifts(from);
  const close = () => setAsking(null);
  return (
    <Page
      title={words.title}
      text={words.text}
      action={
        <div className={classes.actions}>
          <Button variant="default" leftSection={<IconUpload size={16} />} onClick={() => setAsking('import')}>
            {words.import}
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => setAsking('shift')}>
            {words.add}
          </Button>
        </div>
      }
    >
      <Week from={from} weeks={weeks} onMove={setWeeks} />
      <Loaded query={shifts}>{(all) => <Days from={from} shifts={all} />}</Loaded>
      <Modal opened={asking === 'shift'} onClose={close} title={words.add} size={460}>
        <ShiftForm onClose={close} />
      </Modal>
      <Modal opened={asking === 'import'} onClose={close} title={words.importTitle} size={560}>
        <ImportRoster onClose={close} />
      </Modal>
    </Page>
  );
}

function Week({ from, weeks, onMove }: { from: number; weeks: number; onMove: (weeks: number) => void }) {
  const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
  return (
    <div className={classes.week}>
      <ActionIcon variant="default" size="lg" aria-label={words.earlier} onClick={() => onMove(weeks - 1)}>
        <IconChevronLeft size={18} />
      </ActionIcon>
      <ActionIcon variant="default" size="lg" aria-label={words.later} onClick={() => onMove(weeks + 1)}>
        <IconChevronRight size={18} />
      </ActionIcon>
      <strong aria-live="polite">{day.formatRange(from, weekOf(from, 1) - 1)}</strong>
      {weeks !== 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => onMove(0)}>
          {words.now}
        </Button>
      )}
    </div>
  );
}

/** Seven days by the clock of this browser; a shift stands on the day on which it begins. */
function Days({ from, shifts }: { from: number; shifts: Shift[] }) {
  const { data: agents = [] } = useList('agents');
  const names = new Map(agents.map((agent) => [agent.id as string, agent]));
  const title = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'short' });
  const days = Array.from({ length: 7 }, (_, index) => {
    const day = new Date(from);
    day.setDate(day.getDate() + index);
    return day.getTime();
  });
  return (
    <ol className={classes.days}>
      {days.map((day, index) => {
        const end = days[index + 1] ?? weekOf(from, 1);
        const own = shifts.filter(({ startsAt }) => {
          const at = Date.parse(startsAt);
          // Who began before the week stands on its first day.
          return (at >= day || index === 0) && at < end;
        });
        return (
          <li key={day} className={classes.day} data-today={day === weekDay() || undefined}>
            <h3 className={classes.title}>{title.format(day)}</h3>
            {own.length === 0 && <p className={classes.none}>{words.none}</p>}
            <ul className={classes.shifts}>
              {own.map((shift) => (
                <ShiftRow key={shift.id} shift={shift} agent={names.get(shift.agent)} />
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}

function weekDay(): number {
  return new Date().setHours(0, 0, 0, 0);
}

function ShiftRow({ shift, agent }: { shift: Shift; agent: Agent | undefined }) {
  const remove = useRemoveShift();
  const name = agent?.name ?? shift.agent;
  const time = timeOf(shift);
  const drop = () =>
    remove.mutate(shift.id, {
      onSuccess: () => notifications.show({ color: 'teal', message: words.removed, autoClose: 2_000 }),
      onError: (error) => notifications.show({ color: 'red', message: sayError(error) }),
    });
  return (
    <li className={classes.shift}>
      <Face seed={shift.agent} name={name} picture={agent?.avatarUrl} size={22} />
      <bdi className={classes.name}>{name}</bdi>
      <span className={classes.time}>{time}</span>
      <ActionIcon aria-label={words.remove(name, time)} loading={remove.isPending} onClick={drop}>
        <IconX size={16} />
      </ActionIcon>
    </li>
  );
}

/** By the clocks by which it was planned; the zone stands there where it is not that of this browser. */
function timeOf({ startsAt, endsAt, zone }: Shift): string {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(zone !== own && { timeZoneName: 'short' }),
  });
  return `${format.format(Date.parse(startsAt))} – ${format.format(Date.parse(endsAt))}`;
}
