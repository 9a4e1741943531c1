import type { Queue, Routing } from '@baton/protocol';
import { Select } from '@mantine/core';
import { useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { LengthField } from './length-field.tsx';

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
        <LengthField
          label={words.preferSeconds}
          seconds={value.preferSeconds}
          max={86_400}
          onChange={(preferSeconds) => preferSeconds !== null && set({ preferSeconds })}
        />
        <LengthField
          label={words.stickySeconds}
          seconds={value.stickySeconds}
          max={86_400}
          empty={words.stickyOff}
          onChange={(stickySeconds) => set({ stickySeconds })}
        />
        <LengthField
          label={words.wrapUpSeconds}
          seconds={value.wrapUpSeconds}
          max={3_600}
          onChange={(wrapUpSeconds) => wrapUpSeconds !== null && set({ wrapUpSeconds })}
        />
        <LengthField
          label={words.prioritySeconds}
          seconds={value.prioritySeconds}
          max={3_600}
          onChange={(prioritySeconds) => prioritySeconds !== null && set({ prioritySeconds })}
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
    <div>
      <Select
        label={words.overflow}
        data={others}
        value={value?.queue ?? null}
        placeholder={words.overflowNone}
        clearable
        onChange={(to) => onChange(to === null ? null : { queue: to as Queue['id'], afterSeconds })}
      />
      {value && (
        <LengthField
          label={words.overflowAfter}
          seconds={afterSeconds}
          min={5}
          max={86_400}
          onChange={(next) => next !== null && onChange({ ...value, afterSeconds: next })}
        />
      )}
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

function options(labels: Record<string, string>) {
  return Object.entries(labels).map(([value, label]) => ({ value, label }));
}
