import type { Queue } from '@baton/protocol';
import { Button, Checkbox, Modal, MultiSelect, Tabs, TextInput } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChange, useList, useWorkspace } from '#data/admin.ts';
import { HoursFields } from '#screens/hours/hours-fields.tsx';
import { t } from '#strings/strings.ts';
import { DeskOrder, useDeskNames } from './desk-order.tsx';
import { LimitField } from './limit-field.tsx';
import { type LimitName, QUEUE_LIMITS } from './limits.ts';
import classes from './page.module.css';
import { Loaded, Page, Trouble } from './page.tsx';
import { RoutingFields, USUAL_ROUTING } from './routing-fields.tsx';
import { RowDeeds } from './row-deeds.tsx';

const words = t.settings.queues;

export function Queues() {
  const queues = useList('queues');
  const [editing, setEditing] = useState<Queue | 'new' | null>(null);
  return (
    <Page
      title={t.settings.sections.queues}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={queues}>
        {(all) => (
          <ul className={classes.rows}>
            {all.map((queue) => (
              <QueueRow key={queue.id} queue={queue} onEdit={() => setEditing(queue)} />
            ))}
          </ul>
        )}
      </Loaded>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing && editing !== 'new' ? words.editTitle(editing.name) : words.add}
        size={640}
        // The tabs are of different heights: they must not move when one is chosen.
        centered={false}
      >
        {editing && <QueueForm queue={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      </Modal>
    </Page>
  );
}

function QueueRow({ queue, onEdit }: { queue: Queue; onEdit: () => void }) {
  const { data: agents = [] } = useList('agents');
  const deskName = useDeskNames();
  const elsewhere = queue.desks.some((desk) => desk !== null);
  const names =
    queue.agents?.map((id) => agents.find((agent) => agent.id === id)?.name ?? id).join(', ') ?? t.settings.everybody;
  return (
    <li className={classes.row}>
      <IconUsers size={20} stroke={1.7} color="var(--faint)" aria-hidden />
      <div className={classes.main}>
        <div className={classes.name}>
          <bdi>{queue.name}</bdi>
          {queue.isDefault && <span className={classes.badge}>{words.default}</span>}
        </div>
        <div className={classes.about}>
          {names}
          {elsewhere && ` · ${t.settings.desks.goesTo(queue.desks.map(deskName).join(', '))}`} ·{' '}
          {words.waiting(queue.waiting)}
        </div>
      </div>
      <RowDeeds
        list="queues"
        path={`/v1/queues/${queue.id}`}
        asked={queue.isDefault ? null : { title: words.removeTitle(queue.name), text: words.removeText }}
        onEdit={onEdit}
      />
    </li>
  );
}

type QueueLimits = Partial<Record<LimitName, number | null>>;

function QueueForm({ queue, onClose }: { queue: Queue | null; onClose: () => void }) {
  const change = useChange('queues');
  const { data: agents = [] } = useList('agents');
  const { data: workspace } = useWorkspace();
  const [name, setName] = useState(queue?.name ?? '');
  const [served, setServed] = useState<string[]>(queue?.agents ?? []);
  const [limits, setLimits] = useState<QueueLimits>(queue?.limits ?? {});
  const [desks, setDesks] = useState<Queue['desks']>(queue?.desks ?? [null]);
  const [makeDefault, setMakeDefault] = useState(false);
  const [hours, setHours] = useState<Queue['hours']>(queue?.hours ?? null);
  const [routing, setRouting] = useState(queue?.routing ?? USUAL_ROUTING);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = {
      name,
      agents: served.length > 0 ? served : null,
      limits,
      desks,
      hours,
      routing,
      ...(makeDefault && { isDefault: true }),
    };
    change.mutate(
      queue ? { method: 'PATCH', path: `/v1/queues/${queue.id}`, body } : { method: 'POST', path: '/v1/queues', body },
      { onSuccess: onClose },
    );
  };
  // An empty field is no limit of its own: the workspace's counts.
  const set = (limit: LimitName, value: number | null) =>
    setLimits(({ [limit]: _, ...others }) => (value === null ? others : { ...others, [limit]: value }));
  return (
    <form className={classes.form} onSubmit={submit}>
      <Tabs defaultValue="general">
        <Tabs.List>
          <Tabs.Tab value="general">{t.routing.general}</Tabs.Tab>
          <Tabs.Tab value="hours">{t.hours.tab}</Tabs.Tab>
          <Tabs.Tab value="routing">{t.routing.tab}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="general" className={classes.tab}>
          <TextInput
            label={words.name}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
            data-autofocus
            autoComplete="off"
            dir="auto"
          />
          <MultiSelect
            label={words.agents}
            description={words.agentsHint}
            data={agents.map((agent) => ({ value: agent.id, label: agent.name }))}
            value={served}
            onChange={setServed}
            searchable
            placeholder={served.length === 0 ? t.settings.everybody : ''}
          />
          <DeskOrder value={desks} onChange={setDesks} />
          <div>
            <span className={classes.label}>{words.limits}</span>
            <p className={classes.below}>{words.limitsHint}</p>
            {QUEUE_LIMITS.map((limit) => (
              <LimitField
                key={limit}
                name={limit}
                value={limits[limit]}
                otherwise={workspace?.rules.limits[limit]}
                onChange={(value) => set(limit, value)}
              />
            ))}
          </div>
          {!queue?.isDefault && (
            <Checkbox
              label={words.makeDefault}
              checked={makeDefault}
              onChange={(event) => setMakeDefault(event.currentTarget.checked)}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="hours" className={classes.tab}>
          <HoursFields value={hours} onChange={setHours} />
        </Tabs.Panel>
        <Tabs.Panel value="routing" className={classes.tab}>
          <RoutingFields queue={queue} value={routing} onChange={setRouting} />
        </Tabs.Panel>
      </Tabs>
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {queue ? t.save : t.settings.create}
        </Button>
      </footer>
    </form>
  );
}
