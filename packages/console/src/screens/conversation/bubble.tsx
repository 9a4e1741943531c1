import type { Message, Part } from '@baton/protocol';
import {
  IconAlertCircle,
  IconCheck,
  IconChecks,
  IconClick,
  IconDownload,
  IconFile,
  IconForms,
} from '@tabler/icons-react';
import { t } from '#strings/strings.ts';
import { hourOf, momentOf, sizeOf } from '#ui/duration.ts';
import { Face } from '#ui/face.tsx';
import { authorName } from '#ui/names.ts';
import { BotReport } from './bot-report.tsx';
import classes from './bubble.module.css';
import type { Bubble as BubbleEntry } from './entries.ts';
import { safeUrl } from './linkify.ts';
import { useReach } from './reach-context.tsx';
import { ReachLine } from './reach-line.tsx';
import { Words } from './words.tsx';

interface BubbleProps {
  entry: BubbleEntry;
  /** `name` is what to call him, `given` the name he gave. */
  customer: { id: string; name: string; given: string | null };
  me: string | undefined;
}

/** One message. The customer stands on the left, all who answer him on the right, each in its own colour. */
export function Bubble({ entry, customer, me }: BubbleProps) {
  const { message, first, last, at } = entry;
  const { author } = message;
  return (
    <article
      className={classes.message}
      data-role={author.role}
      data-first={first || undefined}
      data-last={last || undefined}
    >
      <span className={classes.side}>{last && <AuthorFace author={author} customer={customer} />}</span>
      <div className={classes.stack}>
        {first && (
          <header className={classes.head}>
            <span className={classes.author} dir="auto">
              {author.id === me
                ? t.list.you
                : author.role === 'customer'
                  ? customer.name
                  : author.role === 'system'
                    ? t.timeline.toCustomer
                    : authorName(author, customer.name)}
            </span>
            {message.barge && <span className={classes.tag}>{t.timeline.barge}</span>}
            {message.imported && <span className={classes.tag}>{t.timeline.imported}</span>}
            <time dateTime={new Date(at).toISOString()} title={momentOf(at)}>
              {hourOf(at)}
            </time>
          </header>
        )}
        <div className={classes.bubble} title={first ? undefined : momentOf(at)}>
          {message.redacted ? (
            <p className={classes.redacted}>{t.timeline.redacted}</p>
          ) : (
            <Parts parts={message.parts} rich={author.role === 'bot' || author.role === 'agent'} />
          )}
          {message.edited && !message.redacted && <span className={classes.edited}>{t.timeline.edited}</span>}
        </div>
        {message.bot && !message.redacted && <BotReport report={message.bot} />}
        <Foot entry={entry} />
      </div>
    </article>
  );
}

function AuthorFace({ author, customer }: { author: Message['author']; customer: BubbleProps['customer'] }) {
  if (author.role === 'system') return null;
  const name = author.role === 'customer' ? customer.given : author.name;
  return (
    <Face
      seed={author.role === 'customer' ? customer.id : author.id}
      name={name}
      size={26}
      kind={author.role === 'bot' ? 'bot' : 'person'}
      picture={author.avatarUrl}
    />
  );
}

function Foot({ entry }: { entry: BubbleEntry }) {
  const known = useReach();
  const reach = known?.reach.get(entry.seq);
  // What the log says failed may be there by now.
  if (entry.failed && !reach) {
    return (
      <p className={classes.failed}>
        <IconAlertCircle size={13} aria-hidden /> {t.timeline.notDelivered}: {entry.failed}
      </p>
    );
  }
  return (
    <>
      {known && reach && <ReachLine conversation={known.conversation} reach={reach} desk={known.nameOf(reach.desk)} />}
      <Receipt entry={entry} />
    </>
  );
}

function Receipt({ entry }: { entry: BubbleEntry }) {
  if (!entry.receipt) return null;
  return (
    <p className={classes.receipt}>
      {entry.receipt === 'seen' ? <IconChecks size={14} aria-hidden /> : <IconCheck size={14} aria-hidden />}
      {entry.receipt === 'seen' ? t.timeline.seen : t.timeline.sent}
    </p>
  );
}

export function Parts({ parts, rich }: { parts: readonly Part[]; rich: boolean }) {
  return (
    <>
      {parts.map((part, at) => (
        // The parts of a message never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <PartView key={at} part={part} rich={rich} />
      ))}
    </>
  );
}

function PartView({ part, rich }: { part: Part; rich: boolean }) {
  switch (part.type) {
    case 'text':
      return (
        <>
          {part.choice && <IconClick size={14} className={classes.picked} aria-hidden />}
          <Words text={part.text} rich={rich} />
        </>
      );
    case 'file':
      return <FileView file={part.file} />;
    case 'choices':
      return (
        <ul className={classes.choices} aria-label={t.timeline.choices}>
          {part.choices.map((choice) => (
            <li key={choice.id} dir="auto">
              {choice.label}
            </li>
          ))}
        </ul>
      );
    case 'card':
      return <CardView card={part} />;
    case 'form':
      return (
        <p className={classes.form}>
          <IconForms size={15} aria-hidden /> {t.timeline.form}: {part.fields.map((field) => field.label).join(', ')}
        </p>
      );
  }
}

function FileView({ file }: { file: Extract<Part, { type: 'file' }>['file'] }) {
  const url = safeUrl(file.url);
  if (url && /^image\/(png|jpe?g|gif|webp|avif)$/.test(file.mime)) {
    return (
      <a
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        className={classes.image}
        title={t.timeline.openFile(file.name)}
      >
        <img src={url} alt={file.name} loading="lazy" />
      </a>
    );
  }
  const content = (
    <>
      <IconFile size={20} stroke={1.6} aria-hidden />
      <span className={classes.fileText}>
        <span className={classes.fileName} dir="auto">
          {file.name}
        </span>
        <span className={classes.fileSize}>{sizeOf(file.size)}</span>
      </span>
      {url && <IconDownload size={16} aria-hidden />}
    </>
  );
  return url ? (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className={classes.file}
      aria-label={t.timeline.openFile(file.name)}
    >
      {content}
    </a>
  ) : (
    <span className={classes.file}>{content}</span>
  );
}

function CardView({ card }: { card: Extract<Part, { type: 'card' }> }) {
  const url = safeUrl(card.url);
  const image = safeUrl(card.imageUrl);
  return (
    <div className={classes.card}>
      {image && <img src={image} alt="" loading="lazy" referrerPolicy="no-referrer" />}
      <div className={classes.cardText}>
        <strong dir="auto">{card.title}</strong>
        {card.text && <Words text={card.text} rich={false} />}
        {url && (
          <a href={url} target="_blank" rel="noopener noreferrer nofollow">
            {url}
          </a>
        )}
      </div>
    </div>
  );
}
