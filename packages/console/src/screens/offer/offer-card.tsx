import { Button } from '@mantine/core';
import { useMemo } from 'react';
import type { Offer } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { clockOf } from '#ui/duration.ts';
import { Face } from '#ui/face.tsx';
import { FlagPill } from '#ui/flag-pill.tsx';
import { Keys } from '#ui/keys.tsx';
import { addsToReason, customerName } from '#ui/names.ts';
import { useSeconds } from '#ui/now.ts';
import { Quote } from '#ui/quote.tsx';
import { Running } from '#ui/times.tsx';
import { Verified } from '#ui/verified.tsx';
import classes from './offer.module.css';

const FLAGS_SHOWN = 4;

/** Who, why, since when, and how long one has to decide. */
export function OfferCard({
  offer,
  behind,
  onAnswer,
}: {
  offer: Offer;
  behind: number;
  onAnswer: (answer: 'accept' | 'decline') => void;
}) {
  const { customer, reason, evidence, waitingSince, flags, channel, transcript, summary } = offer.context;
  const quote = useMemo(() => evidence.find((one) => one.quote) ?? null, [evidence]);
  const more = flags.filter((flag) => addsToReason(flag.name));
  const last = transcript.findLast((line) => line.role === 'customer')?.text;
  return (
    <section className={classes.card} aria-label={t.offer.title}>
      <header className={classes.head}>
        <Face seed={customer.id} name={customer.name} size={42} />
        <div className={classes.who}>
          <h2 className={classes.name}>
            <bdi>{customerName(customer)}</bdi> {customer.verified && <Verified />}
          </h2>
          <p className={classes.meta}>
            {channel.name} · {t.offer.waits} <Running since={waitingSince} />
          </p>
        </div>
        <Countdown offer={offer} />
      </header>
      <p className={classes.reason}>{t.reasons[reason]}</p>
      {quote?.quote ? <Quote text={quote.quote} words={quote.words} /> : last ? <Quote text={last} /> : null}
      {summary && (
        <p className={classes.summary} dir="auto">
          {summary}
        </p>
      )}
      {more.length > 0 && (
        <p className={classes.flags}>
          {more.slice(0, FLAGS_SHOWN).map((flag) => (
            <FlagPill key={flag.name} name={flag.name} />
          ))}
        </p>
      )}
      <footer className={classes.foot}>
        <Button
          variant="default"
          onClick={() => onAnswer('decline')}
          loading={offer.answering === 'decline'}
          disabled={offer.answering !== undefined}
          rightSection={<Keys keys="d" />}
        >
          {t.deeds.decline}
        </Button>
        <Button
          className={classes.accept}
          onClick={() => onAnswer('accept')}
          loading={offer.answering === 'accept'}
          disabled={offer.answering !== undefined}
          rightSection={<Keys keys="a" />}
        >
          {t.deeds.accept}
        </Button>
      </footer>
      {behind > 0 && <p className={classes.behind}>{t.offer.another(behind)}</p>}
    </section>
  );
}

const RADIUS = 17;
const AROUND = 2 * Math.PI * RADIUS;

function Countdown({ offer }: { offer: Offer }) {
  const now = useSeconds();
  const all = Math.max(1, Math.round((offer.expiresAt - offer.offeredAt) / 1_000));
  const left = Math.min(all, Math.max(0, Math.ceil((offer.expiresAt - now) / 1_000)));
  const share = Math.min(1, left / all);
  return (
    <div className={classes.ring} data-late={left <= 5 || undefined} role="timer" aria-label={t.offer.seconds(left)}>
      <svg viewBox="0 0 40 40" aria-hidden focusable="false">
        <circle cx="20" cy="20" r={RADIUS} className={classes.track} />
        <circle
          cx="20"
          cy="20"
          r={RADIUS}
          className={classes.arc}
          strokeDasharray={AROUND}
          strokeDashoffset={AROUND * (1 - share)}
        />
      </svg>
      <span aria-hidden>{left < 60 ? t.offer.left(left) : clockOf(left * 1_000)}</span>
    </div>
  );
}
