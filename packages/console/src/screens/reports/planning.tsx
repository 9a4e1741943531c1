import type { PlanInput } from '@baton/protocol';
import { ActionIcon, Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { usePlan, usePlanInput } from '#data/planning.ts';
import type { ReportSpan } from '#data/reports.ts';
import { Loaded, Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Card } from './card.tsx';
import { PlanResult } from './plan-result.tsx';
import { PlanSettings } from './plan-settings.tsx';
import classes from './planning.module.css';

const words = t.reports.planning;
type Agent = PlanInput['agents'][number];

/** A queue tried out before anybody waits in it. */
export function Planning({ span }: { span: ReportSpan }) {
  return (
    <Loaded query={usePlanInput(span.queue)}>
      {({ input, measured, notPlayed }) => (
        <>
          <p className={classes.text}>{words.text}</p>
          <PlanForm
            key={span.queue}
            begin={input}
            basis={measured.customers === 0 ? words.usual : words.measured(measured.customers, measured.chats)}
            settings={<PlanSettings input={input} notPlayed={notPlayed} />}
          />
        </>
      )}
    </Loaded>
  );
}

function PlanForm({ begin, basis, settings }: { begin: PlanInput; basis: string; settings: ReactNode }) {
  const [plan, setPlan] = useState(begin);
  const play = usePlan();
  const change = (more: Partial<PlanInput>) => setPlan((before) => ({ ...before, ...more }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    play.mutate(plan);
  };
  return (
    <>
      <form onSubmit={submit} className={classes.form}>
        <Card title={plan.otherQueues.length > 0 ? words.customersOf(plan.name) : words.customers} hint={basis}>
          <Arrivals value={plan.arrivalsPerHour} onChange={(arrivalsPerHour) => change({ arrivalsPerHour })} />
          <div className={classes.numbers}>
            <Minutes
              label={words.chat}
              value={plan.chatMinutes.mean}
              onChange={(mean) => change({ chatMinutes: { ...plan.chatMinutes, mean } })}
            />
            <Minutes
              label={words.patience}
              value={plan.patienceMinutes?.mean ?? ''}
              placeholder={words.forEver}
              onChange={(mean) => change({ patienceMinutes: { variation: 1, ...plan.patienceMinutes, mean } })}
              onClear={() => change({ patienceMinutes: null })}
            />
          </div>
        </Card>
        <Card title={words.agents}>
          <Agents agents={plan.agents} onChange={(agents) => change({ agents })} />
          <Trouble error={play.error} />
          <Button type="submit" loading={play.isPending} className={classes.play}>
            {words.play(plan.days)}
          </Button>
        </Card>
        <div className={classes.whole}>{settings}</div>
      </form>
      <div aria-live="polite">{play.data && <PlanResult answer={play.data} />}</div>
    </>
  );
}

interface MinutesProps {
  label: string;
  value: number | '';
  placeholder?: string;
  onChange: (minutes: number) => void;
  onClear?: () => void;
}

function Minutes({ label, value, placeholder, onChange, onClear }: MinutesProps) {
  return (
    <NumberInput
      label={label}
      value={value}
      min={0.1}
      max={1_440}
      decimalScale={1}
      suffix={words.minutes}
      placeholder={placeholder ?? ''}
      onChange={(next) => {
        if (typeof next === 'number' && next > 0) onChange(next);
        else if (next === '') onClear?.();
      }}
    />
  );
}

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function Arrivals({ value, onChange }: { value: PlanInput['arrivalsPerHour']; onChange: (value: number[]) => void }) {
  const perHour = HOURS.map((hour) => (typeof value === 'number' ? value : (value[hour] ?? 0)));
  const most = Math.max(1, ...perHour);
  return (
    <fieldset className={classes.arrivals}>
      <legend>{words.arrivals}</legend>
      {perHour.map((count, hour) => (
        <label key={HOURS[hour]} className={classes.hour}>
          <span className={classes.column} aria-hidden>
            <span style={{ blockSize: `${(count / most) * 100}%` }} />
          </span>
          <input
            aria-label={words.arrivalsAt(hour)}
            type="number"
            min={0}
            max={2_000}
            step="any"
            value={count}
            onChange={(event) => {
              const next = Number(event.currentTarget.value);
              if (Number.isFinite(next) && next >= 0) onChange(perHour.with(hour, next));
            }}
          />
          <span aria-hidden>{hour}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Where there is nobody yet whom the next one could be like. */
const ANYBODY = {
  from: '09:00',
  to: '17:00',
  capacity: 3,
  queues: null,
  skills: null,
  languages: null,
  wrapUpSeconds: null,
};

function Agents({ agents, onChange }: { agents: Agent[]; onChange: (agents: Agent[]) => void }) {
  const change = (index: number, more: Partial<Agent>) =>
    onChange(agents.map((agent, at) => (at === index ? { ...agent, ...more } : agent)));
  const add = () => {
    const last = agents.at(-1);
    onChange([...agents, { ...(last ?? ANYBODY), name: words.agentName(agents.length + 1) }]);
  };
  return (
    <>
      {/* Each field has its own name. */}
      <div className={classes.columns} aria-hidden>
        {words.columns.map((name) => (
          <span key={name}>{name}</span>
        ))}
      </div>
      <ul className={classes.agents}>
        {agents.map((agent, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and are only taken away whole
          <li key={index} className={classes.agent}>
            <TextInput
              aria-label={words.name(index + 1)}
              value={agent.name}
              onChange={(event) => change(index, { name: event.currentTarget.value })}
              required
            />
            <TextInput
              aria-label={words.from(agent.name)}
              type="time"
              value={agent.from}
              onChange={(event) => change(index, { from: event.currentTarget.value })}
              required
            />
            <TextInput
              aria-label={words.to(agent.name)}
              type="time"
              value={agent.to === '24:00' ? '00:00' : agent.to}
              onChange={(event) => {
                const to = event.currentTarget.value;
                change(index, { to: to === '00:00' ? '24:00' : to });
              }}
              required
            />
            <NumberInput
              aria-label={words.capacity(agent.name)}
              value={agent.capacity}
              min={1}
              max={50}
              allowDecimal={false}
              onChange={(capacity) => typeof capacity === 'number' && capacity >= 1 && change(index, { capacity })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={words.remove(agent.name)}
              disabled={agents.length === 1}
              onClick={() => onChange(agents.toSpliced(index, 1))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
        {words.add}
      </Button>
    </>
  );
}
