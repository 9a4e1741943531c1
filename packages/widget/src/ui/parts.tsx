import type { Part } from '@baton/protocol';
import { useState } from 'preact/hooks';
import type { Bubble } from '#story/layout.ts';
import { safeUrl } from '#visit/site.ts';
import { useSurroundings } from './context.ts';
import { FormPart } from './form.tsx';
import { FileIcon } from './icons.tsx';
import { RichText } from './rich-text.tsx';

/** Images that a browser shows safely in a page. SVG can carry scripts: it is a file like any other. */
const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif']);

export interface PartsProps {
  bubble: Bubble;
  mine: boolean;
  /** Its choices or its form may be used. */
  asking: boolean;
}

/** The parts of one message, one below the other; words, cards and forms in bubbles of their own. */
export function Parts({ bubble, mine, asking }: PartsProps) {
  const { words } = useSurroundings();
  if (bubble.redacted) return <div class="bubble redacted">{words('redacted')}</div>;
  return (
    <>
      {bubble.parts.map((part) => (
        <PartView part={part} bubble={bubble} mine={mine} asking={asking} />
      ))}
    </>
  );
}

function PartView({ part, bubble, mine, asking }: PartsProps & { part: Part }) {
  const { words } = useSurroundings();
  switch (part.type) {
    case 'text':
      return (
        <div class="bubble text" dir="auto">
          <RichText text={part.text} rich={!mine} />
          {bubble.edited && <span class="edited"> {words('edited')}</span>}
        </div>
      );
    case 'file':
      return <FilePart file={part.file} />;
    case 'choices':
      return <ChoicesPart choices={part.choices} picked={bubble.picked} asking={asking} />;
    case 'card':
      return <CardPart card={part} />;
    case 'form':
      return <FormPart form={part} id={bubble.key} asking={asking} />;
    default:
      // Newer than this widget.
      return null;
  }
}

function FilePart({ file }: { file: Extract<Part, { type: 'file' }>['file'] }) {
  const { visit, locale } = useSurroundings();
  const url = file.url ? safeUrl(file.url, visit.host) : null;
  // The page's own policy may forbid pictures of another host: then it is a file like any other.
  const [broken, setBroken] = useState(false);
  const picture = url && PICTURES.has(file.mime) && !broken;
  const content = picture ? (
    <img class="picture" src={url} alt={file.name} loading="lazy" onError={() => setBroken(true)} />
  ) : (
    <>
      <FileIcon />
      <span class="file-name" dir="auto">
        {file.name}
      </span>
      <span class="file-size">{sizeOf(file.size, locale)}</span>
    </>
  );
  const shape = picture ? 'picture-link' : 'bubble file';
  if (!url) return <div class={shape}>{content}</div>;
  return (
    <a class={shape} href={url} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

function ChoicesPart({
  choices,
  picked,
  asking,
}: {
  choices: { id: string; label: string }[];
  picked: string | null;
  asking: boolean;
}) {
  const { visit } = useSurroundings();
  return (
    <div class="choices">
      {choices.map(({ id, label }) => (
        <button
          type="button"
          class={`choice ${picked === id ? 'picked' : ''}`}
          disabled={!asking}
          dir="auto"
          onClick={() => visit.say([{ type: 'text', text: label, choice: id }])}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function CardPart({ card }: { card: Extract<Part, { type: 'card' }> }) {
  const { visit, words } = useSurroundings();
  const image = card.imageUrl ? safeUrl(card.imageUrl, visit.host) : null;
  const url = card.url ? safeUrl(card.url, visit.host) : null;
  return (
    <div class="bubble card" dir="auto">
      {image && <img class="card-image" src={image} alt="" loading="lazy" />}
      <div class="card-body">
        <strong class="card-title">{card.title}</strong>
        {card.text && (
          <div class="card-text">
            <RichText text={card.text} rich />
          </div>
        )}
        {url && (
          <a
            class="card-link"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={`${words('openLink')}: ${card.title}`}
          >
            {words('openLink')}
          </a>
        )}
      </div>
    </div>
  );
}

/** Bytes in words: "1.2 MB". */
export function sizeOf(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const format = {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  } as const;
  return new Intl.NumberFormat(locale, format).format(bytes / 1_000 ** step);
}
