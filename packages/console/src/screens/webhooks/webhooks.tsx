import type { Webhook } from '@baton/protocol';
import { Button, Modal } from '@mantine/core';
import { IconChevronRight, IconPlus, IconWebhook } from '@tabler/icons-react';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useList } from '#data/admin.ts';
import desks from '#screens/desks/desks.module.css';
import { StatePill } from '#screens/desks/state-pill.tsx';
import page from '#screens/settings/page.module.css';
import { Loaded, Page } from '#screens/settings/page.tsx';
import { Copied } from '#screens/settings/secret.tsx';
import { t } from '#strings/strings.ts';
import { WebhookForm } from './webhook-form.tsx';
import { WebhookPage } from './webhook-page.tsx';
import { webhookState } from './webhook-state.ts';

const words = t.settings.webhooks;

/** Settings → Webhooks: all of them, or one. */
export function Webhooks() {
  const { item } = useParams({ strict: false });
  const webhooks = useList('webhooks');
  const one = webhooks.data?.find(({ id }) => id === item);
  if (one) return <WebhookPage key={one.id} webhook={one} />;
  return <WebhookList webhooks={webhooks} />;
}

function WebhookList({ webhooks }: { webhooks: ReturnType<typeof useList<'webhooks'>> }) {
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <Page
      title={t.settings.sections.webhooks}
      text={words.text}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Loaded query={webhooks}>
        {(all) =>
          all.length === 0 ? (
            <p className={page.quiet}>{words.none}</p>
          ) : (
            <ul className={page.rows}>
              {all.map((one) => (
                <WebhookRow key={one.id} webhook={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Modal opened={adding} onClose={() => setAdding(false)} title={words.add} size={520}>
        <WebhookForm
          onClose={() => setAdding(false)}
          onMade={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      </Modal>
      {/* Not closed by a click beside it: the secret is shown this one time. */}
      <Modal
        opened={secret !== null}
        onClose={() => setSecret(null)}
        title={words.newTitle}
        size={560}
        closeOnClickOutside={false}
      >
        <div className={page.form}>
          <p className={page.quiet}>{words.newText}</p>
          <Copied text={secret ?? ''} />
        </div>
      </Modal>
    </Page>
  );
}

function WebhookRow({ webhook }: { webhook: Webhook }) {
  return (
    <li className={desks.row} data-off={!webhook.enabled || undefined}>
      <IconWebhook size={20} stroke={1.7} color="var(--faint)" aria-hidden />
      <div className={page.main}>
        <div className={page.name}>
          <Link
            to="/settings/{-$section}/{-$item}"
            params={{ section: 'webhooks', item: webhook.id }}
            className={desks.open}
          >
            <bdi>{webhook.url.replace(/^https?:\/\//, '')}</bdi>
          </Link>
          {webhook.conversation && <span className={page.badge}>{words.ofConversation}</span>}
        </div>
        <div className={page.about}>{words.hears(webhook.events)}</div>
      </div>
      <StatePill state={webhookState(webhook)} />
      <IconChevronRight size={18} stroke={1.8} color="var(--faint)" aria-hidden />
    </li>
  );
}
