import { IconRobot, IconUser } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import classes from './face.module.css';

/** Background and letter colour, each pair at least 4.5 to 1. Readable in light and dark alike. */
const TONES = [
  ['#dfe3fb', '#343a94'],
  ['#d9eee6', '#0f5d46'],
  ['#fae3d7', '#8a3d13'],
  ['#f6dfee', '#8a2767'],
  ['#dcecf8', '#17557f'],
  ['#efe6d0', '#6a5010'],
  ['#e8e0f8', '#5a3594'],
  ['#e3ead6', '#44591a'],
] as const;

interface FaceProps {
  /** Who it is: the same seed has the same colour everywhere. */
  seed: string;
  name: string | null | undefined;
  size?: number;
  picture?: string | null | undefined;
  kind?: 'person' | 'bot';
  presence?: 'online' | 'away' | 'break' | 'offline' | undefined;
}

/** A person's or a bot's round picture: photo, initials, or a sign for the nameless. Decoration: the name stands beside it. */
export function Face({ seed, name, size = 32, picture, kind = 'person', presence }: FaceProps) {
  const [tone, ink] =
    kind === 'bot' ? ['var(--bot)', 'var(--bot-ink)'] : (TONES[hash(seed) % TONES.length] ?? TONES[0]);
  const initials = name ? initialsOf(name) : '';
  return (
    <span
      className={classes.face}
      data-kind={kind}
      style={{ '--size': `${size}px`, '--tone': tone, '--tone-ink': ink } as CSSProperties}
      aria-hidden
    >
      {kind === 'bot' ? (
        <IconRobot stroke={1.8} />
      ) : picture ? (
        <img src={picture} alt="" referrerPolicy="no-referrer" />
      ) : (
        initials || <IconUser stroke={1.8} />
      )}
      {presence && <span className={classes.dot} data-state={presence} />}
    </span>
  );
}

/** First letters of the first and the last word, whatever the script. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.match(/\p{L}|\p{N}/u)?.[0] ?? '';
  const last = words.length > 1 ? (words.at(-1)?.match(/\p{L}|\p{N}/u)?.[0] ?? '') : '';
  return (first + last).toLocaleUpperCase();
}

function hash(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) value = (value * 31 + text.charCodeAt(at)) >>> 0;
  return value;
}
