import type { Queue, Workspace } from '@baton/protocol';
import { ActionIcon, Button, NumberInput, SegmentedControl, Select, Slider, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange, useList, useWorkspace } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import {
  linesOf,
  type Policy,
  policyToSend,
  type SignalName,
  type Topic,
  type TopicDraft,
  topicDrafts,
} from './escalation-policy.ts';
import classes from './page.module.css';
import { Card, Loaded, Page, SaveBar } from './page.tsx';

const words = t.settings.escalation;
type Action = Topic['action'];
const ACTIONS = Object.keys(words.actions) as Action[];
const SIGNALS = Object.keys(words.names) as SignalName[];

/** The one place where a workspace says when a conversation goes to a person. */
export function Escalation() {
  const workspace = useWorkspace();
  return (
    <Page title={t.settings.sections.escalation} text={words.text}>
      <Loaded query={workspace}>
        {({ rules }) => <Editor key={JSON.stringify(rules.escalation)} rules={rules} />}
      </Loaded>
    </Page>
  );
}

function Editor({ rules }: { rules: Workspace['rules'] }) {
  const change = useChange('workspace');
  const { data: queues = [] } = useList('queues');
  const [policy, setPolicy] = useState<Policy>(rules.escalation);
  const [topics, setTopics] = useState<TopicDraft[]>(() => topicDrafts(rules.escalation.topics));
  const edited = policyToSend(policy, topics);
  const dirty =
    JSON.stringify(edited) !== JSON.stringify(policyToSend(rules.escalation, topicDrafts(rules.escalation.topics)));
  const setTopic = (key: string, next: TopicDraft | null) =>
    setTopics((before) => before.flatMap((topic) => (topic.key === key ? (next ? [next] : []) : [topic])));
  const add = () =>
    setTopics((before) => [
      ...before,
      { key: crypto.randomUUID(), name: words.newTopic, phrases: '', action: 'offer' },
    ]);
  return (
    <>
      <Card
        title={words.signals}
        hint={ACTIONS.map((action) => `${words.actions[action]}: ${words.actionHints[action]}`).join(' · ')}
      >
        {SIGNALS.map((name) => (
          <Signal key={name} name={name} policy={policy} onChange={setPolicy} />
        ))}
      </Card>
      <Card title={words.topics} hint={words.topicsHint}>
        {topics.length === 0 && <p className={classes.quiet}>{words.noTopics}</p>}
        {topics.map((topic) => (
          <TopicEditor key={topic.key} topic={topic} queues={queues} onChange={(next) => setTopic(topic.key, next)} />
        ))}
        <Button mt="sm" variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
          {words.addTopic}
        </Button>
      </Card>
      <SaveBar
        dirty={dirty}
        busy={change.isPending}
        error={change.error}
        onSave={() =>
          change.mutate({ method: 'PATCH', path: '/v1/workspace', body: { rules: { escalation: edited } } })
        }
        onRevert={() => {
          setPolicy(rules.escalation);
          setTopics(topicDrafts(rules.escalation.topics));
          change.reset();
        }}
      />
    </>
  );
}

function Signal({ name, policy, onChange }: { name: SignalName; policy: Policy; onChange: (policy: Policy) => void }) {
  const { action, threshold } = policy.signals[name];
  const set = (rule: Partial<Policy['signals'][SignalName]>) =>
    onChange({ ...policy, signals: { ...policy.signals, [name]: { action, threshold, ...rule } } });
  return (
    <div className={classes.signal}>
      <div>
        <div className={classes.name}>{words.names[name]}</div>
        <div className={classes.words}>{words.hints[name]}</div>
      </div>
      <Actions
        label={`${words.names[name]}: ${words.action}`}
        value={action}
        onChange={(next) => set({ action: next })}
      />
      {name === 'repeated_fallback' ? (
        <NumberInput
          aria-label={words.fallbackLimit}
          suffix={` ${words.inARow}`}
          min={1}
          max={20}
          value={policy.fallbackLimit}
          onChange={(limit) => onChange({ ...policy, fallbackLimit: Number(limit) || 1 })}
        />
      ) : (
        <div>
          <span className={classes.threshold}>
            {words.from} {words.sure(Math.round(threshold * 100))}
          </span>
          <Slider
            aria-label={`${words.names[name]}: ${words.from}`}
            size="sm"
            min={0.05}
            max={1}
            step={0.05}
            value={threshold}
            onChange={(next) => set({ threshold: Math.round(next * 100) / 100 })}
            label={null}
            disabled={action === 'ignore'}
            thumbLabel={`${words.names[name]}: ${words.from}`}
          />
        </div>
      )}
    </div>
  );
}

function Actions({ label, value, onChange }: { label: string; value: Action; onChange: (action: Action) => void }) {
  return (
    <SegmentedControl
      size="xs"
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next as Action)}
      data={ACTIONS.map((action) => ({ value: action, label: words.actions[action] }))}
    />
  );
}

interface TopicEditorProps {
  topic: TopicDraft;
  queues: readonly Queue[];
  onChange: (topic: TopicDraft | null) => void;
}

function TopicEditor({ topic, queues, onChange }: TopicEditorProps) {
  const { queue: _, ...withoutQueue } = topic;
  return (
    <div className={classes.topic}>
      <div className={classes.topicHead}>
        <TextInput
          aria-label={words.topicName}
          value={topic.name}
          maxLength={50}
          onChange={(event) => onChange({ ...topic, name: event.currentTarget.value })}
        />
        <Actions
          label={`${topic.name}: ${words.action}`}
          value={topic.action}
          onChange={(action) => onChange({ ...topic, action })}
        />
        <Select
          aria-label={`${topic.name}: ${words.queue}`}
          data={queues.map((queue) => ({ value: queue.id, label: queue.name }))}
          value={topic.queue ?? null}
          placeholder={words.defaultQueue}
          clearable
          onChange={(queue) => onChange(queue ? { ...topic, queue: queue as Queue['id'] } : withoutQueue)}
        />
        <ActionIcon size="lg" aria-label={words.removeTopic(topic.name)} onClick={() => onChange(null)}>
          <IconTrash size={17} />
        </ActionIcon>
      </div>
      <Textarea
        aria-label={`${topic.name}: ${words.phrases}`}
        placeholder={words.phrases}
        autosize
        minRows={2}
        maxRows={8}
        value={topic.phrases}
        onChange={(event) => onChange({ ...topic, phrases: event.currentTarget.value })}
        error={linesOf(topic.phrases).length === 0 ? words.phrasesMissing : undefined}
      />
    </div>
  );
}
