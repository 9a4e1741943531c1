import type { Webhook } from '@baton/protocol';
import { Button, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronLeft, IconHistory, IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChange } from '#data/admin.ts';
import { sayError } from '#data/api.ts';
import { hubNow } from '#data/clock.ts';
import { useConsole } from '#data/use.ts';
import desks from '#screens/desks/desks.module.css';
import facts from '#screens/desks/health.module.css';
import { StatePill } from '#screens/desks/state-pill.tsx';
import { Told } from '#screens/desks/told.tsx';
import { Confirm } from '#screens/settings/confirm.tsx';
import page from '#screens/settings/page.module.css';
import { Card } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { Ago } from '#ui/times.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookForm } from './webhook-form.tsx';
import { webhookState } from './webhook-state.ts';

const words = t.settings.webhooks;
const HOUR_MS = 3_600_000;
const SPANS = { hour: HOUR_MS, day: 24 * HOUR_MS, week: 7 * 24 * HOUR_MS } as const;
type Span = keyof typeof SPANS;

/** One webhook: how it is doing, what it was sent, its settings. */
export function WebhookPage({ webhook }: { webhook: Webhook }) {
  const { health, url } = webhook;
  return (
    <div className={page.page}>
      <Link
        to="/settings/{-$section}/{-$item}"
        params={{ section: 'webhooks', item: undefined }}
        className={desks.back}
      >
        <IconChevronLeft size={18} aria-hidden /> {words.back}
      </Link>
      <header className={desks.title}>
        <div className={desks.titleMain}>
          <h2>
            <bdi>{url.replace(/^https?:\/\//, '')}</bdi>
          </h2>
          <p>{words.hears(webhook.events)}</p>
        </div>
        <StatePill state={webhookState(webhook)} />
      </header>
      <Card title={words.health}>
        <dl className={facts.facts}>
          <div>
            <dt>{words.lastSuccess}</dt>
            <dd>{health.lastSuccessAt ? <Ago at={health.lastSuccessAt} /> : t.settings.never}</dd>
          </div>
          {health.failingSince && (
            <div>
              <dt>{words.failingSince}</dt>
              <dd>
                <Ago at={health.failingSince} />
              </dd>
            </div>
          )}
        </dl>
        {health.disabledAt && <p className={facts.warn}>{words.disabled}</p>}
        {health.lastError && (
          <p className={facts.warn}>
            {words.lastError}: {health.lastError}
          </p>
        )}
        <Trying webhook={webhook} />
      </Card>
      <Deliveries webhook={webhook} />
      <Card title={words.settings}>
        <WebhookForm webhook={webhook} />
      </Card>
      <Remove webhook={webhook} />
    </div>
  );
}

/** A test that is sent now, and what it has missed. */
function Trying({ webhook: { id } }: { webhook: Webhook }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const [span, setSpan] = useState<Span>('day');
  const readAgain = () =>
    Promise.all([['webhooks'], ['webhook-deliveries', id]].map((queryKey) => queries.invalidateQueries({ queryKey })));
  const test = useMutation({
    mutationFn: () =>
      call<{ ok: boolean; message: string; ms: number }>('POST', `/v1/webhooks/${id}/test`, { body: {} }),
    onSettled: readAgain,
  });
  const replay = useMutation({
    mutationFn: () =>
      call<{ conversations: number }>('POST', `/v1/webhooks/${id}/replay`, {
        body: { since: new Date(hubNow() - SPANS[span]).toISOString() },
      }),
    onSuccess: ({ conversations }) => notifications.show({ color: 'teal', message: words.replayed(conversations) }),
    onSettled: readAgain,
  });
  return (
    <div className={page.form}>
      <div className={desks.foot}>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={17} stroke={1.8} />}
          onClick={() => test.mutate()}
          loading={test.isPending}
        >
          {words.test}
        </Button>
      </div>
      {(test.error || test.data) && !test.isPending && (
        <Told
          tone={test.data?.ok ? 'good' : 'bad'}
          title={test.data?.ok ? words.testOk : words.testFailed}
          ms={test.data?.ms}
        >
          <p>{test.error ? sayError(test.error) : test.data?.message}</p>
        </Told>
      )}
      <div className={desks.foot}>
        <Button
          variant="default"
          leftSection={<IconHistory size={17} stroke={1.8} />}
          onClick={() => replay.mutate()}
          loading={replay.isPending}
        >
          {words.replay}
        </Button>
        <Select
          aria-label={words.since}
          data={Object.entries(words.spans).map(([value, label]) => ({ value, label }))}
          value={span}
          onChange={(value) => value && setSpan(value as Span)}
          allowDeselect={false}
          w={160}
        />
      </div>
      <p className={page.below}>{words.replayHint}</p>
      {replay.error && <Told tone="bad" title={sayError(replay.error)} />}
    </div>
  );
}

function Remove({ webhook }: { webhook: Webhook }) {
  const change = useChange('webhooks');
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <div className={desks.danger}>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t.settings.remove}
      </Button>
      <Confirm
        opened={asking}
        title={words.removeTitle}
        text={words.removeText}
        submit={t.settings.remove}
        busy={change.isPending}
        error={change.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          change.mutate(
            { method: 'DELETE', path: `/v1/webhooks/${webhook.id}` },
            {
              onSuccess: () =>
                navigate({ to: '/settings/{-$section}/{-$item}', params: { section: 'webhooks', item: undefined } }),
            },
          )
        }
      />
    </div>
  );
}
