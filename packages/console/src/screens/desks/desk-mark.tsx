import classes from './desks.module.css';

/** Hues that differ in light and dark, by the kind's letters: the same desk always has the same. */
const HUES = [262, 205, 165, 120, 30, 8, 340, 300, 230];
/** By this the kinds that there are have hardly one hue twice. */
const FACTOR = 85;
const PRIME = 65_521;

/** A desk's sign: its first letter on a tile. Logos belong to their vendors. */
export function DeskMark({ kind, title, size = 36 }: { kind: string; title: string; size?: number }) {
  const sum = [...kind].reduce((total, letter) => (total * FACTOR + (letter.codePointAt(0) ?? 0)) % PRIME, 7);
  const hue = HUES[sum % HUES.length];
  return (
    <span
      className={classes.mark}
      style={{ '--hue': hue, width: size, height: size, fontSize: size * 0.45 } as React.CSSProperties}
      aria-hidden
    >
      {title.charAt(0)}
    </span>
  );
}
