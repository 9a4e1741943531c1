import type { Webhook, WebhookDelivery } from '@baton/protocol';
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePages } from '#data/pages.ts';
import { useConsole } from '#data/use.ts';
import list from '#screens/desks/troubles.module.css';
import { Card, Loaded, Trouble } from '#screens/settings/page.tsx';
import { t } from '#strings/strings.ts';
import { momentOf } from '#ui/duration.ts';
import { Ago } from '#ui/times.tsx';

const words = t.settings.webhooks;
type Status = keyof typeof words.statuses;
const STATUSES = Object.keys(words.statuses) as Status[];

/** What a webhook was sent, newest first; each can be sent again. */
export function Deliveries({ webhook: { id } }: { webhook: Webhook }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const [status, setStatus] = useState<Status>('all');
  const deliveries = usePages<WebhookDelivery>(['webhook-deliveries', id, status], `/v1/webhooks/${id}/deliveries`, {
    status: status === 'all' ? undefined : status,
  });
  const again = useMutation({
    mutationFn: (event: string) => call('POST', `/v1/webhooks/${id}/replay`, { body: { event } }),
    onSettled: () =>
      Promise.all(
        [['webhooks'], ['webhook-deliveries', id]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
  return (
    <Card
      title={
        <>
          <span className={list.title}>{words.deliveries}</span>
          <SegmentedControl
            size="xs"
            aria-label={words.status}
            value={status}
            onChange={(value) => setStatus(value as Status)}
            data={STATUSES.map((value) => ({ value, label: words.statuses[value] }))}
          />
        </>
      }
    >
      <Loaded query={deliveries}>
        {() =>
          deliveries.all.length === 0 ? (
            <p className={list.none}>{status === 'all' ? words.noDeliveries : words.noneOf}</p>
          ) : (
            <>
              <ul className={list.list}>
                {deliveries.all.map((one) => (
                  <DeliveryRow
                    key={one.event}
                    delivery={one}
                    busy={again.isPending}
                    onAgain={() => again.mutate(one.event)}
                  />
                ))}
              </ul>
              {deliveries.hasNextPage && (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  onClick={() => void deliveries.fetchNextPage()}
                  loading={deliveries.isFetchingNextPage}
                >
                  {words.more}
                </Button>
              )}
            </>
          )
        }
      </Loaded>
      <Trouble error={again.error} />
    </Card>
  );
}

function DeliveryRow({ delivery, busy, onAgain }: { delivery: WebhookDelivery; busy: boolean; onAgain: () => void }) {
  const { type, conversation, status, attempts, lastAttemptAt, nextAttemptAt, error } = delivery;
  return (
    <li className={list.row}>
      <div className={list.main}>
        <p className={list.head}>
          <b>{type}</b>
          <span className={list.state} data-state={status}>
            {words.statuses[status]}
          </span>
          <Ago at={lastAttemptAt} />
          {attempts > 1 && <span>{words.attempts(attempts)}</span>}
          {nextAttemptAt && (
            <span>
              {words.next}: {momentOf(Date.parse(nextAttemptAt))}
            </span>
          )}
          <Link to="/inbox/$view/$conversation" params={{ view: 'all', conversation }} className={list.aside}>
            {words.conversation}
          </Link>
        </p>
        {error && <p className={list.detail}>{error}</p>}
      </div>
      <Button size="compact-sm" variant="default" onClick={onAgain} disabled={busy}>
        {words.again}
      </Button>
    </li>
  );
}
