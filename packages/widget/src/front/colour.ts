/** A colour as red, green, blue from 0 to 255. */
type Rgb = readonly [number, number, number];

/** Body text, WCAG 2.2 AA (1.4.3). */
const READABLE = 4.5;

/** The surfaces of style/base.css on which text in the site's colour stands: of each mode the one that is hardest to read on. */
const LIGHT = '#f1f3f6';
const DARK = '#2a2f39';

/** Each is a custom property of the style sheet. */
export interface Palette extends Record<string, string> {
  accent: string;
  /** Text on it. */
  on: string;
  /** Where the accent may shade off to without coming nearer to its text. */
  away: string;
  /** The accent as text, on light and on dark surfaces. */
  readable: string;
  readableDark: string;
}

/**
 * A site's colour may be anything; what is written on it and in it must be readable. Gives the text that stands on it,
 * and shades of it that can be read on the light and on the dark surface.
 */
export function paletteOf(accent: string): Palette {
  const colour = parse(accent) ?? ([43, 95, 217] as const);
  const white: Rgb = [255, 255, 255];
  const black: Rgb = [0, 0, 0];
  const light = contrast(colour, white) >= READABLE || contrast(colour, white) > contrast(colour, black);
  return {
    accent: write(colour),
    on: light ? '#ffffff' : '#000000',
    away: light ? '#000000' : '#ffffff',
    readable: write(towards(colour, black, parse(LIGHT) ?? white)),
    readableDark: write(towards(colour, white, parse(DARK) ?? black)),
  };
}

/** Mixes the colour with `end`, no more than needed to be read on `surface`. */
function towards(colour: Rgb, end: Rgb, surface: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = colour.map((value, index) =>
      Math.round(value + ((end[index] ?? 0) - value) * share),
    ) as unknown as Rgb;
    if (contrast(mixed, surface) >= READABLE) return mixed;
  }
  return end;
}

/** Contrast ratio, 1 to 21 (WCAG 2.2, "relative luminance"). */
export function contrast(one: Rgb, other: Rgb): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [red = 0, green = 0, blue = 0] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function parse(colour: string): Rgb | null {
  const digits = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour)?.slice(1);
  return digits ? (digits.map((pair) => Number.parseInt(pair, 16)) as unknown as Rgb) : null;
}

function write(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
