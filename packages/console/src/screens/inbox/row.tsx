import type { ConversationSummary } from '@baton/protocol';
import { IconAlertTriangleFilled, IconClock, IconEye, IconRobot } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { isUnread } from '#data/picture.ts';
import { usePicture } from '#data/use.ts';
import { isStopped, lastAt, type View, waitingSince } from '#data/views.ts';
import { plainOf } from '#screens/conversation/linkify.ts';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import { FlagPill } from '#ui/flag-pill.tsx';
import { addsToReason, customerName } from '#ui/names.ts';
import { Ago, Running, useUrgency } from '#ui/times.tsx';
import { Verified } from '#ui/verified.tsx';
import classes from './row.module.css';

interface RowProps {
  row: ConversationSummary;
  view: View;
  open: boolean;
  top: number;
}

/** A conversation in a list: who, what was said last, who has it, how long it waits. */
export const Row = memo(function Row({ row, view, open, top }: RowProps) {
  const me = usePicture((state) => state.me?.id);
  const seen = usePicture((state) => state.seen[row.id]);
  const typing = usePicture((state) => state.typing[row.id]?.some((one) => one.role === 'customer') ?? false);
  const unread = !open && isUnread(row, seen, me);
  return (
    <li className={classes.item} style={{ transform: `translateY(${top}px)` }}>
      <Link
        to="/inbox/$view/$conversation"
        params={{ view, conversation: row.id }}
        className={classes.row}
        data-open={open || undefined}
        data-unread={unread || undefined}
        aria-current={open ? 'true' : undefined}
      >
        <Face seed={row.customer.id} name={row.customer.name} size={36} />
        <span className={classes.body}>
          <span className={classes.line}>
            <span className={classes.name} dir="auto">
              {customerName(row.customer)}
            </span>
            {row.customer.verified && <Verified />}
            <span className={classes.time}>
              {view === 'queue' ? <Wait since={waitingSince(row)} /> : <Ago at={lastAt(row)} />}
            </span>
          </span>
          <span className={classes.preview}>
            {typing ? <em>{t.timeline.typing(customerName(row.customer))}</em> : <Preview row={row} me={me} />}
          </span>
          <Meta row={row} view={view} me={me} />
        </span>
        {unread && <span className={classes.dot} role="img" aria-label={t.list.unread} />}
      </Link>
    </li>
  );
});

function Preview({ row, me }: { row: ConversationSummary; me: string | undefined }) {
  const { last } = row;
  if (!last) return <>{t.list.nothingYet}</>;
  const agent = row.control.agent?.id === me ? t.list.you : row.control.agent?.name;
  const who =
    last.role === 'bot' ? t.list.bot : last.role === 'agent' ? agent : last.role === 'system' ? t.product : undefined;
  return (
    <>
      {who && <span className={classes.speaker}>{who}: </span>}
      <bdi>{plainOf(last.text) || t.list.attachment}</bdi>
    </>
  );
}

/** Flags that fit beside the rest. */
const FLAGS_SHOWN = 2;
function Meta({ row, view, me }: { row: ConversationSummary; view: View; me: string | undefined }) {
  const flags = row.flags.filter(addsToReason);
  return (
    <span className={classes.meta}>
      <State row={row} view={view} me={me} />
      {flags.slice(0, FLAGS_SHOWN).map((flag) => (
        <FlagPill key={flag} name={flag} />
      ))}
      {row.watchers.length > 0 && (
        <span className={classes.watchers} title={t.list.watchers(row.watchers.map((one) => one.name).join(', '))}>
          <IconEye size={13} aria-hidden />
          {row.watchers.length}
        </span>
      )}
    </span>
  );
}

/** The one thing about its state that matters in this list. */
function State({ row, view, me }: { row: ConversationSummary; view: View; me: string | undefined }) {
  const { control, handoff } = row;
  if (isStopped(row)) {
    return (
      <span className={classes.stopped}>
        <IconAlertTriangleFilled size={12} aria-hidden />
        {t.list.stopped}
      </span>
    );
  }
  if (view === 'queue' || control.holder === 'queue')
    return (
      <span className={classes.state}>
        {handoff?.phase === 'offered' && handoff.agent
          ? t.list.offeredTo(handoff.agent.name)
          : handoff?.meanwhile
            ? t.list.meanwhile[handoff.meanwhile]
            : handoff
              ? t.reasons[handoff.reason]
              : t.holder.queue}
      </span>
    );
  if (view === 'mine')
    return row.waiting && row.last ? (
      <Unanswered since={row.last.at} />
    ) : (
      <span className={classes.state}>{row.channel.name}</span>
    );
  if (control.holder === 'agent')
    return <span className={classes.state}>{control.agent?.id === me ? t.holder.you : control.agent?.name}</span>;
  if (control.holder === 'bot' && view !== 'bot') {
    return (
      <span className={classes.state}>
        <IconRobot size={13} aria-hidden /> {t.holder.bot}
      </span>
    );
  }
  return <span className={classes.state}>{row.channel.name}</span>;
}

function Wait({ since }: { since: string }) {
  const urgency = useUrgency(since);
  return (
    <span className={classes.wait} data-urgency={urgency}>
      <Running since={since} />
    </span>
  );
}

/** The customer wrote last and waits for this agent. */
function Unanswered({ since }: { since: string }) {
  const urgency = useUrgency(since);
  return (
    <span className={classes.wait} data-urgency={urgency}>
      <IconClock size={12} aria-hidden />
      <Running since={since} />
    </span>
  );
}
