import type { Queue, Routing } from '@baton/protocol';
import { NumberInput, Select } from '@mantine/core';
import { useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { exactLengthOf } from '#ui/duration.ts';
import classes from './page.module.css';

const words = t.routing;
/** What a queue that has not been made yet starts from: as the server does. */
export const USUAL_ROUTING: Routing = {
  strategy: 'least_busy',
  prioritySeconds: 300,
  preferSeconds: 60,
  language: 'preferred',
  stickySeconds: null,
  wrapUpSeconds: 0,
  overflow: null,
  hook: null,
};

interface RoutingFieldsProps {
  /** The queue itself: it cannot overflow into itself. */
  queue: Queue | null;
  value: Routing;
  onChange: (value: Routing) => void;
}

/** How the line of a queue is handed out. */
export function RoutingFields({ queue, value, onChange }: RoutingFieldsProps) {
  const set = (change: Partial<Routing>) => onChange({ ...value, ...change });
  return (
    <>
      <Select
        label={words.strategy}
        data={options(words.strategies)}
        value={value.strategy}
        allowDeselect={false}
        onChange={(strategy) => strategy && set({ strategy: strategy as Routing['strategy'] })}
      />
      <Select
        label={words.language}
        data={options(words.languages)}
        value={value.language}
        allowDeselect={false}
        onChange={(language) => language && set({ language: language as Routing['language'] })}
      />
      <div>
        <Seconds
          name="preferSeconds"
          value={value.preferSeconds}
          onChange={(preferSeconds) => set({ preferSeconds })}
        />
        <Seconds
          name="stickySeconds"
          value={value.stickySeconds}
          empty={words.stickyOff}
          onChange={(stickySeconds) => set({ stickySeconds })}
          onEmpty={() => set({ stickySeconds: null })}
        />
        <Seconds
          name="wrapUpSeconds"
          value={value.wrapUpSeconds}
          onChange={(wrapUpSeconds) => set({ wrapUpSeconds })}
        />
        <Seconds
          name="prioritySeconds"
          value={value.prioritySeconds}
          onChange={(prioritySeconds) => set({ prioritySeconds })}
        />
      </div>
      <Overflow queue={queue} value={value.overflow} onChange={(overflow) => set({ overflow })} />
      <Hook value={value.hook} onChange={(hook) => set({ hook })} />
    </>
  );
}

interface OverflowProps {
  queue: Queue | null;
  value: Routing['overflow'];
  onChange: (value: Routing['overflow']) => void;
}

function Overflow({ queue, value, onChange }: OverflowProps) {
  const { data: queues = [] } = useList('queues');
  const others = queues.filter(({ id }) => id !== queue?.id).map(({ id, name }) => ({ value: id, label: name }));
  const afterSeconds = value?.afterSeconds ?? 300;
  return (
    <div className={classes.pair}>
      <Select
        label={words.overflow}
        data={others}
        value={value?.queue ?? null}
        placeholder={words.overflowNone}
        clearable
        onChange={(to) => onChange(to === null ? null : { queue: to as Queue['id'], afterSeconds })}
      />
      <NumberInput
        label={`${words.overflowAfter}, ${words.seconds}`}
        value={afterSeconds}
        min={5}
        max={86_400}
        disabled={value === null}
        onChange={(next) => value && typeof next === 'number' && onChange({ ...value, afterSeconds: next })}
      />
    </div>
  );
}

function Hook({ value, onChange }: { value: Routing['hook']; onChange: (value: Routing['hook']) => void }) {
  const { data: webhooks = [] } = useList('webhooks');
  return (
    <Select
      label={words.hook}
      description={words.hookHint}
      data={webhooks.map(({ id, url }) => ({ value: id, label: url }))}
      value={value}
      placeholder={words.hookNone}
      clearable
      onChange={(hook) => onChange(hook as Routing['hook'])}
    />
  );
}

interface SecondsProps {
  name: 'preferSeconds' | 'stickySeconds' | 'wrapUpSeconds' | 'prioritySeconds';
  value: number | null;
  /** What an empty field means; left out: it may not be empty. */
  empty?: string;
  onChange: (value: number) => void;
  onEmpty?: () => void;
}

function Seconds({ name, value, empty = '', onChange, onEmpty }: SecondsProps) {
  return (
    <div className={classes.limit}>
      <span>{words[name]}</span>
      <NumberInput
        aria-label={`${words[name]}, ${words.seconds}`}
        value={value ?? ''}
        placeholder={empty}
        min={0}
        max={name === 'wrapUpSeconds' || name === 'prioritySeconds' ? 3_600 : 86_400}
        hideControls
        onChange={(next) => (next === '' ? onEmpty?.() : onChange(Number(next)))}
      />
      <span className={classes.words}>{value === null ? empty : exactLengthOf(value * 1_000)}</span>
    </div>
  );
}

function options(labels: Record<string, string>) {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}
