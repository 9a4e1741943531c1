import type { Agent } from '@baton/protocol';
import { ActionIcon, Button, Menu, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { IconDots, IconLink, IconPlus, IconTool, IconUserCheck, IconUserOff } from '@tabler/icons-react';
import { useRouteContext } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useChange, useList } from '#data/admin.ts';
import { usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import { AgentWork } from './agent-work.tsx';
import { Confirm } from './confirm.tsx';
import classes from './page.module.css';
import { Loaded, Page, Trouble } from './page.tsx';
import { Copied } from './secret.tsx';

const words = t.settings.agents;
type Role = Agent['role'];
const ROLES: Role[] = ['agent', 'admin', 'owner'];

interface Link {
  name: string;
  url: string;
}

export function Agents() {
  const agents = useList('agents');
  const [adding, setAdding] = useState(false);
  const [link, setLink] = useState<Link | null>(null);
  return (
    <Page
      title={t.settings.sections.agents}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={agents}>
        {(all) => (
          <ul className={classes.rows}>
            {all.map((agent) => (
              <AgentRow key={agent.id} agent={agent} onLink={setLink} />
            ))}
          </ul>
        )}
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title={words.add} size={460}>
        <AddAgent
          onClose={(made) => {
            setAdding(false);
            if (made) setLink(made);
          }}
        />
      </Modal>
      <Modal opened={link !== null} onClose={() => setLink(null)} title={words.linkTitle} size={520}>
        {link && (
          <div className={classes.form}>
            <p className={classes.quiet}>{words.linkText(link.name)}</p>
            <Copied text={link.url} />
          </div>
        )}
      </Modal>
    </Page>
  );
}

function AgentRow({ agent, onLink }: { agent: Agent; onLink: (link: Link) => void }) {
  const { session } = useRouteContext({ from: '/shell' });
  const change = useChange('agents');
  const linking = useChange<{ url: string }>('agents', { quiet: true });
  const [asking, setAsking] = useState(false);
  const [work, setWork] = useState(false);
  // The list was read once; who is there changes.
  const presence = usePicture((state) => state.team[agent.id]?.state ?? agent.presence);
  const own = agent.id === session.agent.id;
  const path = `/v1/agents/${agent.id}`;
  const close = () => setAsking(false);
  return (
    <li className={classes.row} data-off={agent.disabled || undefined}>
      <Face
        seed={agent.id}
        name={agent.name}
        picture={agent.avatarUrl}
        presence={agent.disabled ? undefined : presence}
      />
      <div className={classes.main}>
        <div className={classes.name}>
          <bdi>{agent.name}</bdi>
          {own && <span className={classes.badge}>{words.you}</span>}
          {agent.disabled && <span className={classes.badge}>{words.disabled}</span>}
        </div>
        <div className={classes.about}>
          {[agent.email, ...(agent.skills ?? []), ...(agent.languages ?? [])].join(' · ')}
        </div>
        <Trouble error={asking ? null : (change.error ?? linking.error)} />
      </div>
      <Select
        w={110}
        aria-label={`${words.role}: ${agent.name}`}
        data={ROLES.map((value) => ({ value, label: words.roles[value] }))}
        value={agent.role}
        allowDeselect={false}
        disabled={own || agent.disabled}
        onChange={(role) => role && change.mutate({ method: 'PATCH', path, body: { role } })}
      />
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={`${t.deeds.more}: ${agent.name}`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconTool size={16} />} onClick={() => setWork(true)}>
            {t.work.open}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconLink size={16} />}
            disabled={agent.disabled}
            onClick={() =>
              linking.mutate(
                { method: 'POST', path: `${path}/login-link`, body: {} },
                { onSuccess: ({ url }) => onLink({ name: agent.name, url }) },
              )
            }
          >
            {words.link}
          </Menu.Item>
          {agent.disabled ? (
            <Menu.Item
              leftSection={<IconUserCheck size={16} />}
              onClick={() => change.mutate({ method: 'PATCH', path, body: { disabled: false } })}
            >
              {words.enable}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconUserOff size={16} />} disabled={own} onClick={() => setAsking(true)}>
              {words.disable}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={work} onClose={() => setWork(false)} title={t.work.title(agent.name)} size={520}>
        <AgentWork agent={agent} onClose={() => setWork(false)} />
      </Modal>
      <Confirm
        opened={asking}
        title={words.disableTitle(agent.name)}
        text={words.disableText}
        submit={words.disable}
        busy={change.isPending}
        error={change.error}
        onClose={close}
        onConfirm={() => change.mutate({ method: 'PATCH', path, body: { disabled: true } }, { onSuccess: close })}
      />
    </li>
  );
}

function AddAgent({ onClose }: { onClose: (link: Link | null) => void }) {
  const change = useChange<Agent & { loginLink: string | null }>('agents', { quiet: true });
  const [role, setRole] = useState<Role>('agent');
  const [capacity, setCapacity] = useState<number | string>(3);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const body = { name: String(form.get('name')), email: String(form.get('email')), role, capacity: Number(capacity) };
    change.mutate(
      { method: 'POST', path: '/v1/agents', body },
      { onSuccess: (made) => onClose(made.loginLink ? { name: made.name, url: made.loginLink } : null) },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput name="name" label={words.name} required maxLength={100} data-autofocus autoComplete="off" dir="auto" />
      <TextInput name="email" label={words.email} type="email" required maxLength={320} autoComplete="off" />
      <div className={classes.pair}>
        <Select
          label={words.role}
          data={ROLES.map((value) => ({ value, label: words.roles[value] }))}
          value={role}
          allowDeselect={false}
          onChange={(value) => value && setRole(value as Role)}
        />
        <NumberInput label={words.capacity} min={0} max={100} value={capacity} onChange={setCapacity} />
      </div>
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={() => onClose(null)}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {t.settings.create}
        </Button>
      </footer>
    </form>
  );
}
