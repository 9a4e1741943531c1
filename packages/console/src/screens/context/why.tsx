import type { Evidence, Handoff } from '@baton/protocol';
import { useQuery } from '@tanstack/react-query';
import { summaryQuery } from '#data/detail.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { clockOf } from '#ui/duration.ts';
import { evidenceKind } from '#ui/names.ts';
import { Quote } from '#ui/quote.tsx';
import { Running } from '#ui/times.tsx';
import classes from './panel.module.css';

/** Why a person was asked for, with what proves it. */
export function Why({ handoff, onJump }: { handoff: Handoff; onJump: (seq: number) => void }) {
  const { reason, evidence, requestedAt, acceptedAt, endedAt } = handoff;
  const until = acceptedAt ?? endedAt;
  return (
    <>
      <p className={classes.reason}>{t.reasons[reason]}</p>
      <p className={classes.waited}>
        {until ? `${t.context.waited} ${clockOf(Date.parse(until) - Date.parse(requestedAt))}` : null}
        {!until && (
          <>
            {t.context.waiting} <Running since={requestedAt} />
          </>
        )}
      </p>
      <ul className={classes.list}>
        {evidence.map((one, at) => (
          // Evidence has no id, and its order never changes.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={at}>
            <Proof evidence={one} onJump={onJump} />
          </li>
        ))}
      </ul>
      <Summary handoff={handoff} />
    </>
  );
}

/** The bot's own words, or what the server reads from the log. */
function Summary({ handoff: { id, conversation, summary } }: { handoff: Handoff }) {
  const { call } = useConsole();
  const { data } = useQuery({ ...summaryQuery(call, conversation, id), enabled: summary === null });
  const text = summary ?? data;
  if (!text) return null;
  return (
    <p className={classes.summary} dir="auto">
      {text}
    </p>
  );
}

export function Proof({ evidence, onJump }: { evidence: Evidence; onJump: (seq: number) => void }) {
  const { seq, quote, words, detail, score } = evidence;
  const content = (
    <>
      <span className={classes.kind}>
        <span>{evidenceKind(evidence.kind)}</span>
        {score !== undefined && <span title={t.context.score}>{t.timeline.confidence(Math.round(score * 100))}</span>}
      </span>
      {quote && <Quote text={quote} words={words} />}
      {detail && !quote && (
        <span className={classes.detail} dir="auto">
          {detail}
        </span>
      )}
    </>
  );
  if (seq === undefined) return <div className={classes.evidence}>{content}</div>;
  return (
    <button type="button" className={classes.evidence} onClick={() => onJump(seq)} title={t.context.jump}>
      {content}
    </button>
  );
}
