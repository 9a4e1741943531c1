import type { Webhook } from '@baton/protocol';
import { Button, MultiSelect, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useChange } from '#data/admin.ts';
import page from '#screens/settings/page.module.css';
import { Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { EVENT_CHOICES } from './event-names.ts';

const words = t.settings.webhooks;
const ALL = ['*'];

interface WebhookFormProps {
  webhook?: Webhook;
  onClose?: () => void;
  /** Its secret, shown this one time. */
  onMade?: (secret: string) => void;
}

/** Where it goes and what it hears of. */
export function WebhookForm({ webhook, onClose, onMade }: WebhookFormProps) {
  const change = useChange<Webhook & { secret?: string }>('webhooks', { quiet: webhook === undefined });
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [events, setEvents] = useState<string[]>(webhook?.events ?? ALL);
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const all = events.includes('*');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (events.length === 0) return;
    const body = { url, events, enabled };
    if (webhook) change.mutate({ method: 'PATCH', path: `/v1/webhooks/${webhook.id}`, body });
    else
      change.mutate(
        { method: 'POST', path: '/v1/webhooks', body },
        { onSuccess: ({ secret }) => onMade?.(secret ?? '') },
      );
  };
  return (
    <form className={page.form} onSubmit={submit}>
      <TextInput
        label={words.url}
        description={words.urlHint}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
        required
        type="url"
        placeholder="https://"
        autoComplete="off"
        data-autofocus
      />
      <Switch
        label={words.everything}
        checked={all}
        onChange={(event) => setEvents(event.currentTarget.checked ? ALL : ['message', 'handoff.*'])}
      />
      {!all && (
        <MultiSelect
          label={words.events}
          description={words.eventsHint}
          data={[...EVENT_CHOICES]}
          value={events}
          onChange={setEvents}
          error={events.length === 0 ? words.pick : undefined}
          searchable
          hidePickedOptions
        />
      )}
      {webhook && (
        <Switch label={words.enabled} checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
      )}
      <Trouble error={change.error} />
      <footer className={page.foot}>
        {onClose && (
          <Button variant="default" onClick={onClose}>
            {t.cancel}
          </Button>
        )}
        <Button type="submit" loading={change.isPending}>
          {webhook ? t.save : t.settings.create}
        </Button>
      </footer>
    </form>
  );
}
