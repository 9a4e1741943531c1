import type { Integration } from '@baton/protocol';
import { Button, Modal, NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconRobot } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChange, useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import classes from './page.module.css';
import { Loaded, Page, Trouble } from './page.tsx';
import { RowDeeds } from './row-deeds.tsx';
import { Secret } from './secret.tsx';

const words = t.settings.bots;

export function Bots() {
  const integrations = useList('integrations');
  const [editing, setEditing] = useState<Integration['id'] | 'new' | null>(null);
  const open = integrations.data?.find((one) => one.id === editing);
  return (
    <Page
      title={t.settings.sections.bots}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={integrations}>
        {(all) => (
          <ul className={classes.rows}>
            {all
              .filter((one) => one.side === 'bot')
              .map((bot) => (
                <BotRow
                  key={bot.id}
                  bot={bot}
                  channels={all.filter((one) => one.bot === bot.id)}
                  onEdit={() => setEditing(bot.id)}
                />
              ))}
          </ul>
        )}
      </Loaded>
      <Modal opened={editing !== null} onClose={() => setEditing(null)} title={open?.name ?? words.add} size={560}>
        {open?.kind === 'house' ? (
          <HouseForm bot={open} onClose={() => setEditing(null)} />
        ) : (
          <WebhookForm key={open?.id ?? 'new'} bot={open} onMade={setEditing} onClose={() => setEditing(null)} />
        )}
      </Modal>
    </Page>
  );
}

function BotRow({ bot, channels, onEdit }: { bot: Integration; channels: readonly Integration[]; onEdit: () => void }) {
  return (
    <li className={classes.row} data-off={!bot.enabled || undefined}>
      <IconRobot size={20} stroke={1.7} color="var(--faint)" aria-hidden />
      <div className={classes.main}>
        <div className={classes.name}>
          <bdi>{bot.name}</bdi>
          <span className={classes.badge}>{words.kinds[bot.kind] ?? bot.kind}</span>
        </div>
        <div className={classes.about}>
          {channels.length > 0 ? words.usedBy(channels.map((one) => one.name).join(', ')) : words.unused}
        </div>
      </div>
      <RowDeeds
        list="integrations"
        path={`/v1/integrations/${bot.id}`}
        asked={channels.length === 0 ? { title: words.removeTitle(bot.name), text: words.removeText } : null}
        onEdit={onEdit}
      />
    </li>
  );
}

function HouseForm({ bot, onClose }: { bot: Integration; onClose: () => void }) {
  const change = useChange('integrations');
  const [name, setName] = useState(bot.name);
  const [about, setAbout] = useState(String(bot.config.about ?? ''));
  const [enabled, setEnabled] = useState(bot.enabled);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { method: 'PATCH', path: `/v1/integrations/${bot.id}`, body: { name, enabled, config: { about } } },
      { onSuccess: onClose },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <p className={classes.quiet}>{words.house}</p>
      <TextInput
        label={words.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        maxLength={100}
        data-autofocus
        dir="auto"
      />
      <Textarea
        label={words.about}
        description={words.aboutHint}
        value={about}
        onChange={(event) => setAbout(event.currentTarget.value)}
        maxLength={500}
        autosize
        minRows={2}
        maxRows={5}
        dir="auto"
      />
      <Switch label={words.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <Foot change={change} submit={t.save} onClose={onClose} />
    </form>
  );
}

interface WebhookFormProps {
  bot: Integration | undefined;
  /** After it was made it stays open: the secret is what one needs next. */
  onMade: (id: Integration['id']) => void;
  onClose: () => void;
}

function WebhookForm({ bot, onMade, onClose }: WebhookFormProps) {
  const change = useChange<Integration>('integrations');
  const [name, setName] = useState(bot?.name ?? '');
  const [url, setUrl] = useState(String(bot?.config.url ?? ''));
  const [timeout, setTimeout] = useState<number | string>(Number(bot?.config.timeoutSeconds ?? 10));
  const [enabled, setEnabled] = useState(bot?.enabled ?? true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { name, enabled, config: { url, timeoutSeconds: Number(timeout) } };
    if (bot) change.mutate({ method: 'PATCH', path: `/v1/integrations/${bot.id}`, body }, { onSuccess: onClose });
    else
      change.mutate(
        { method: 'POST', path: '/v1/integrations', body: { side: 'bot', kind: 'webhook', ...body } },
        { onSuccess: (made) => onMade(made.id) },
      );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        label={words.name}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        maxLength={100}
        data-autofocus
        dir="auto"
      />
      <TextInput
        label={words.url}
        description={words.urlHint}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        required
        type="url"
        placeholder="https://"
      />
      <NumberInput label={words.timeout} min={1} max={30} value={timeout} onChange={setTimeout} />
      {typeof bot?.config.secret === 'string' && (
        <Secret label={words.secret} text={bot.config.secret} hint={words.secretHint} />
      )}
      <Switch label={words.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      <Foot change={change} submit={bot ? t.save : t.settings.create} onClose={onClose} />
    </form>
  );
}

function Foot({
  change,
  submit,
  onClose,
}: {
  change: { error: Error | null; isPending: boolean };
  submit: string;
  onClose: () => void;
}) {
  return (
    <>
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {submit}
        </Button>
      </footer>
    </>
  );
}
