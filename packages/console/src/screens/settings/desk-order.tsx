import type { Queue } from '@baton/protocol';
import { ActionIcon, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconHeadset, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useList } from '#data/admin.ts';
import { useAdapters } from '#data/desks.ts';
import { DeskMark } from '#screens/desks/desk-mark.tsx';
import { t } from '#strings/strings.ts';
import classes from './desk-order.module.css';

const words = t.settings.desks;
/** Our console among the desks: null on the wire. */
const CONSOLE = 'console';

type DeskId = Queue['desks'][number];

interface DeskOrderProps {
  value: readonly DeskId[];
  onChange: (value: DeskId[]) => void;
}

/** The desks that a queue tries, in their order. */
export function DeskOrder({ value, onChange }: DeskOrderProps) {
  const { data: integrations = [] } = useList('integrations');
  const desks = integrations.filter(({ side }) => side === 'desk');
  const names = useDeskNames();
  const list = useRef<HTMLOListElement>(null);
  const swap = (at: number, other: number) => {
    const next = [...value];
    [next[at], next[other]] = [value[other] as DeskId, value[at] as DeskId];
    onChange(next);
    // The focus goes along with what is moved, so that it can be moved on.
    const name = other < at ? 'up' : 'down';
    requestAnimationFrame(() => {
      const row = list.current?.children[other];
      const wanted = row?.querySelector<HTMLButtonElement>(`[data-move="${name}"]:not(:disabled)`);
      (wanted ?? row?.querySelector<HTMLButtonElement>('[data-move]:not(:disabled)'))?.focus();
    });
  };
  const others: { value: string; label: string }[] = [
    ...(value.includes(null) ? [] : [{ value: CONSOLE, label: words.console }]),
    ...desks.filter(({ id }) => !value.includes(id)).map(({ id, name }) => ({ value: id, label: name })),
  ];
  // A workspace without desks outside has nothing to choose.
  if (desks.length === 0 && value.every((desk) => desk === null)) return null;
  return (
    <fieldset className={classes.order}>
      <legend>{words.order}</legend>
      <p>{words.orderHint}</p>
      <ol ref={list}>
        {value.map((desk, at) => (
          <li key={desk ?? CONSOLE}>
            <span className={classes.number} aria-hidden>
              {at + 1}
            </span>
            <Sign desk={desk} />
            <bdi className={classes.name}>{names(desk)}</bdi>
            <ActionIcon
              data-move="up"
              aria-label={words.up(names(desk))}
              disabled={at === 0}
              onClick={() => swap(at, at - 1)}
            >
              <IconArrowUp size={16} stroke={1.8} />
            </ActionIcon>
            <ActionIcon
              data-move="down"
              aria-label={words.down(names(desk))}
              disabled={at === value.length - 1}
              onClick={() => swap(at, at + 1)}
            >
              <IconArrowDown size={16} stroke={1.8} />
            </ActionIcon>
            <ActionIcon
              aria-label={words.takeAway(names(desk))}
              disabled={value.length === 1}
              onClick={() => onChange(value.filter((one) => one !== desk))}
            >
              <IconX size={16} stroke={1.8} />
            </ActionIcon>
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <Select
          aria-label={words.addDesk}
          placeholder={words.addDesk}
          data={others}
          value={null}
          onChange={(chosen) => chosen && onChange([...value, chosen === CONSOLE ? null : (chosen as DeskId)])}
        />
      )}
    </fieldset>
  );
}

/** What each desk of a queue is called. */
export function useDeskNames(): (desk: DeskId) => string {
  const { data: integrations = [] } = useList('integrations');
  return (desk) =>
    desk === null ? words.console : (integrations.find(({ id }) => id === desk)?.name ?? words.placeGone);
}

function Sign({ desk }: { desk: DeskId }) {
  const { data: integrations = [] } = useList('integrations');
  const { data: adapters = [] } = useAdapters();
  const kind = integrations.find(({ id }) => id === desk)?.kind;
  if (desk === null || kind === undefined) {
    return (
      <span className={classes.console} aria-hidden>
        <IconHeadset size={16} stroke={1.8} />
      </span>
    );
  }
  return <DeskMark kind={kind} title={adapters.find((one) => one.kind === kind)?.title ?? kind} size={26} />;
}
