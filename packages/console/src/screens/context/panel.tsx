import type { Conversation, ConversationSummary, HandoffReason } from '@baton/protocol';
import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouteContext } from '@tanstack/react-router';
import { conversationQuery } from '#data/detail.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { CustomerCard } from './customer-card.tsx';
import { Earlier } from './earlier.tsx';
import { Flags } from './flags.tsx';
import classes from './panel.module.css';
import { People } from './people.tsx';
import { Place } from './place.tsx';
import { Privacy } from './privacy.tsx';
import { Section } from './section.tsx';
import { Tried } from './tried.tsx';
import { Why } from './why.tsx';

interface PanelProps {
  id: ConversationId;
  row: ConversationSummary;
  onJump: (seq: number) => void;
}

/** Who the customer is and how it came to this: so that nobody starts blind and nobody asks twice. */
export function Panel({ id, row, onJump }: PanelProps) {
  const { call } = useConsole();
  const { session } = useRouteContext({ from: '/shell' });
  const { data, error, refetch } = useQuery(conversationQuery(call, id));
  if (error && !data) {
    return (
      <div className={classes.failed}>
        <p>{t.context.failed}</p>
        <Button size="xs" variant="default" onClick={() => void refetch()}>
          {t.retry}
        </Button>
      </div>
    );
  }
  if (!data) return <PanelSkeleton />;
  const handoff = whyOf(data);
  const there = data.handoff ?? data.lastHandoff;
  return (
    <div className={classes.panel}>
      <CustomerCard conversation={data} row={row} />
      {there?.desk && (
        <Section title={t.settings.desks.place}>
          <Place handoff={there} />
        </Section>
      )}
      {handoff && (
        <Section title={t.context.why}>
          <Why handoff={handoff} onJump={onJump} />
        </Section>
      )}
      <Section title={t.context.flags}>
        <Flags id={id} flags={data.flags} onJump={onJump} />
      </Section>
      <Section title={t.context.tried}>
        <Tried id={id} onJump={onJump} />
      </Section>
      <Section title={t.context.people}>
        <People row={row} participants={data.participants} />
      </Section>
      <Section title={t.context.earlier}>
        <Earlier id={id} customer={data.customer.id} />
      </Section>
      {session.agent.role !== 'agent' && (
        <Section title={t.settings.privacy.title}>
          <Privacy customer={data.customer} />
        </Section>
      )}
    </div>
  );
}

/** A handoff that an agent began himself has no reason to explain. */
function whyOf({ handoff }: Conversation): Conversation['handoff'] {
  const own: HandoffReason = 'agent_took_over';
  return handoff && handoff.reason !== own ? handoff : null;
}

function PanelSkeleton() {
  return (
    <div className={classes.panel} role="status" aria-label={t.loading}>
      <div style={{ padding: 20 }}>
        <Skeleton height={52} circle />
        <Skeleton height={14} width="60%" mt={14} radius="sm" />
        <Skeleton height={10} width="80%" mt={20} radius="sm" />
        <Skeleton height={10} width="70%" mt={12} radius="sm" />
        <Skeleton height={10} width="76%" mt={12} radius="sm" />
      </div>
    </div>
  );
}
