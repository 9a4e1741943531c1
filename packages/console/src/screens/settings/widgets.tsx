import type { Integration } from '@baton/protocol';
import { Button, ColorInput, Modal, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useChange, useList } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { linesOf } from './escalation-policy.ts';
import classes from './page.module.css';
import { Card, Loaded, Page, SaveBar, Trouble } from './page.tsx';
import { Copied, Secret } from './secret.tsx';

const words = t.settings.widget;

export function Widgets() {
  const integrations = useList('integrations');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t.settings.sections.widget}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={integrations}>
        {(all) => {
          const bots = all.filter((one) => one.side === 'bot');
          const sites = all.filter((one) => one.kind === 'widget');
          if (sites.length === 0) return <p className={classes.quiet}>{words.none}</p>;
          return sites.map((site) => <Site key={`${site.id} ${JSON.stringify(site)}`} site={site} bots={bots} />);
        }}
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title={words.add} size={420}>
        <AddSite onClose={() => setAdding(false)} />
      </Modal>
    </Page>
  );
}

/** What is edited of a site. */
interface Draft {
  name: string;
  enabled: boolean;
  bot: Integration['id'] | null;
  origins: string;
  color: string;
  title: string;
  greeting: string;
}

interface WidgetConfig {
  allowedOrigins?: string[];
  identitySecret?: string;
  theme?: { color?: string; title?: string; greeting?: string };
}

function draftOf({ name, enabled, bot, config }: Integration): Draft {
  const { allowedOrigins = [], theme = {} } = config as WidgetConfig;
  return {
    name,
    enabled,
    bot,
    origins: allowedOrigins.join('\n'),
    color: theme.color ?? '',
    title: theme.title ?? '',
    greeting: theme.greeting ?? '',
  };
}

function bodyOf(draft: Draft) {
  // Null takes a setting away: then the widget's own counts.
  const theme = {
    color: draft.color || null,
    title: draft.title.trim() || null,
    greeting: draft.greeting.trim() || null,
  };
  return {
    name: draft.name,
    enabled: draft.enabled,
    bot: draft.bot,
    config: { allowedOrigins: linesOf(draft.origins), theme },
  };
}

function Site({ site, bots }: { site: Integration; bots: readonly Integration[] }) {
  const change = useChange('integrations');
  const [draft, setDraft] = useState(() => draftOf(site));
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { identitySecret } = site.config as WidgetConfig;
  const snippet = `<script async src="${location.origin}/widget.js" data-site-key="${site.siteKey}"></script>`;
  return (
    <>
      <Card title={<bdi>{site.name}</bdi>}>
        <div className={classes.form}>
          <Copied label={words.snippet} text={snippet} />
          <div className={classes.pair}>
            <TextInput
              label={words.name}
              value={draft.name}
              required
              maxLength={100}
              onChange={(event) => set({ name: event.currentTarget.value })}
              dir="auto"
            />
            <Select
              label={words.bot}
              data={bots.map((bot) => ({ value: bot.id, label: bot.name }))}
              value={draft.bot}
              clearable
              placeholder={words.noBot}
              onChange={(bot) => set({ bot: bot as Integration['id'] | null })}
            />
          </div>
          <Textarea
            label={words.origins}
            description={words.originsHint}
            autosize
            minRows={2}
            maxRows={8}
            value={draft.origins}
            onChange={(event) => set({ origins: event.currentTarget.value })}
            spellCheck={false}
          />
          {identitySecret && <Secret label={words.secret} text={identitySecret} hint={words.secretHint} />}
          <div className={classes.pair}>
            <TextInput
              label={words.heading}
              value={draft.title}
              maxLength={60}
              onChange={(event) => set({ title: event.currentTarget.value })}
              dir="auto"
            />
            <ColorInput
              withEyeDropper={false}
              label={words.color}
              value={draft.color}
              format="hex"
              placeholder="#2b5fd9"
              onChange={(color) => set({ color })}
            />
          </div>
          <Textarea
            label={words.greeting}
            value={draft.greeting}
            maxLength={500}
            autosize
            minRows={1}
            maxRows={4}
            onChange={(event) => set({ greeting: event.currentTarget.value })}
            dir="auto"
          />
          <Switch
            label={words.enabled}
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
        </div>
      </Card>
      <SaveBar
        dirty={JSON.stringify(draft) !== JSON.stringify(draftOf(site))}
        busy={change.isPending}
        error={change.error}
        onSave={() => change.mutate({ method: 'PATCH', path: `/v1/integrations/${site.id}`, body: bodyOf(draft) })}
        onRevert={() => {
          setDraft(draftOf(site));
          change.reset();
        }}
      />
    </>
  );
}

function AddSite({ onClose }: { onClose: () => void }) {
  const change = useChange('integrations');
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name'));
    change.mutate(
      { method: 'POST', path: '/v1/integrations', body: { side: 'channel', kind: 'widget', name } },
      { onSuccess: onClose },
    );
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput name="name" label={words.name} required maxLength={100} data-autofocus autoComplete="off" dir="auto" />
      <Trouble error={change.error} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onClose}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={change.isPending}>
          {t.settings.create}
        </Button>
      </footer>
    </form>
  );
}
