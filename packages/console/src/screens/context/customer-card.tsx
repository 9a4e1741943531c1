import type { Conversation, ConversationSummary } from '@baton/protocol';
import { IconRosetteDiscountCheckFilled } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { safeUrl } from '#screens/conversation/linkify.ts';
import { t } from '#strings/strings.ts';
import { dayOf, hourOf, momentOf } from '#ui/duration.ts';
import { Face } from '#ui/face.tsx';
import { customerName, plainWord } from '#ui/names.ts';
import { useMinutes } from '#ui/now.ts';
import classes from './panel.module.css';

/** Who he is, as far as we know it, and whether it is proven. */
export function CustomerCard({ conversation, row }: { conversation: Conversation; row: ConversationSummary }) {
  const { customer, page, locale, rating, openedAt } = conversation;
  const facts: [string, ReactNode][] = [
    [t.context.email, customer.email && <Mail address={customer.email} />],
    [t.context.phone, customer.phone && <a href={`tel:${customer.phone.replace(/[^\d+]/g, '')}`}>{customer.phone}</a>],
    [t.context.externalId, customer.externalId],
    [t.context.page, page && <PageLink url={page.url} title={page.title} />],
    [t.context.channel, row.channel.name],
    [t.context.language, locale && languageName(locale)],
    [t.context.began, <Began key="began" at={openedAt} />],
    [
      t.context.rating,
      rating && `${'★'.repeat(rating.score)}${'☆'.repeat(Math.max(0, 5 - rating.score))} ${rating.comment ?? ''}`,
    ],
    ...Object.entries(customer.attributes).map(([name, value]): [string, ReactNode] => [
      plainWord(name),
      String(value),
    ]),
  ];
  return (
    <div className={classes.card}>
      <div className={classes.who}>
        <Face seed={customer.id} name={customer.name} size={46} />
        <div>
          <h2 className={classes.name}>
            <bdi>{customerName(customer)}</bdi>
          </h2>
          <Proof verified={customer.verified} anonymous={!customer.name && !customer.email} />
        </div>
      </div>
      <dl className={classes.facts}>
        {facts.flatMap(([name, value]) =>
          value
            ? [
                <dt key={`${name} name`} dir="auto">
                  {name}
                </dt>,
                <dd key={name} dir="auto">
                  {value}
                </dd>,
              ]
            : [],
        )}
      </dl>
    </div>
  );
}

function Proof({ verified, anonymous }: { verified: boolean; anonymous: boolean }) {
  if (verified) {
    return (
      <span className={classes.proof} data-verified title={t.context.verifiedHint}>
        <IconRosetteDiscountCheckFilled size={14} aria-hidden /> {t.context.verified}
      </span>
    );
  }
  return (
    <span className={classes.proof} title={t.context.unverifiedHint}>
      {anonymous ? t.context.anonymous : t.context.unverified}
    </span>
  );
}

/** It may break before the @: there it can still be read. */
function Mail({ address }: { address: string }) {
  const at = address.lastIndexOf('@');
  return (
    <a href={`mailto:${address}`}>
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </a>
  );
}

function Began({ at }: { at: string }) {
  const then = Date.parse(at);
  return (
    <time dateTime={at} title={momentOf(then)}>
      {dayOf(then, useMinutes(), t.timeline)}, {hourOf(then)}
    </time>
  );
}

function PageLink({ url, title }: { url: string; title: string | undefined }) {
  const href = safeUrl(url);
  const words = title || url.replace(/^https?:\/\//, '');
  return href ? (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {words}
    </a>
  ) : (
    <span>{words}</span>
  );
}

function languageName(locale: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
