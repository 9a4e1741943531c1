import type { Session } from '@baton/protocol';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useChange } from '#data/admin.ts';
import { sessionQuery } from '#data/session.ts';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';
import { Card, Loaded, Page, Trouble } from './page.tsx';

export function Profile() {
  const session = useQuery(sessionQuery);
  return (
    <Page title={t.settings.sections.profile} text={t.settings.profile.text}>
      <Loaded query={session}>
        {(data) =>
          data && (
            <>
              <Face agent={data.agent} />
              <Password />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

function Face({ agent }: { agent: Session['agent'] }) {
  const change = useChange<Session>('session');
  const [name, setName] = useState(agent.name);
  const [avatar, setAvatar] = useState(agent.avatarUrl ?? '');
  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ method: 'PATCH', path: '/v1/session', body: { name, avatarUrl: avatar.trim() || null } });
  };
  return (
    <Card>
      <form className={classes.form} onSubmit={save}>
        <TextInput
          label={t.settings.profile.name}
          description={t.settings.profile.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          required
          maxLength={100}
          dir="auto"
        />
        <TextInput
          label={t.settings.profile.avatar}
          description={t.settings.profile.avatarHint}
          value={avatar}
          onChange={(event) => setAvatar(event.currentTarget.value)}
          type="url"
          placeholder="https://"
        />
        <Trouble error={change.error} />
        <footer className={classes.foot}>
          <Button type="submit" loading={change.isPending} disabled={name.trim() === ''}>
            {t.save}
          </Button>
        </footer>
      </form>
    </Card>
  );
}

function Password() {
  const change = useChange<Session>('session', { quiet: true });
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const save = (event: FormEvent) => {
    event.preventDefault();
    const body = { password: next, ...(current && { currentPassword: current }) };
    const onSuccess = () => {
      setCurrent('');
      setNext('');
      notifications.show({ color: 'teal', message: t.settings.profile.changed });
    };
    change.mutate({ method: 'PATCH', path: '/v1/session', body }, { onSuccess });
  };
  return (
    <Card title={t.settings.profile.password}>
      <form className={classes.form} onSubmit={save}>
        <PasswordInput
          label={t.settings.profile.current}
          description={t.settings.profile.currentHint}
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          autoComplete="current-password"
        />
        <PasswordInput
          label={t.settings.profile.next}
          description={t.settings.profile.nextHint}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
          autoComplete="new-password"
          required
          minLength={8}
          maxLength={200}
        />
        <Trouble error={change.error} />
        <footer className={classes.foot}>
          <Button type="submit" loading={change.isPending} disabled={next.length < 8}>
            {t.save}
          </Button>
        </footer>
      </form>
    </Card>
  );
}
