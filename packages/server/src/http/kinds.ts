import type { Adapter } from '@baton/protocol';
import { WidgetTheme } from '@baton/protocol/schemas';
import { z } from 'zod';

import { newToken } from '#store/secrets.ts';

type Step = Adapter['setup'][number];

/** What can be configured under a name: the shape of its config and which of its fields are secrets. */
export interface Kind {
  readonly side: 'channel' | 'bot' | 'desk';
  kind: string;
  config: z.ZodObject;
  /** Shown to admins only. */
  secrets: readonly string[];
  /** Secrets that we make where they are not given; the answer shows them. */
  made: Readonly<Record<string, () => string>>;
  /** What people see of a desk that they may connect. */
  title?: string;
  can?: object;
  setup?: readonly (Pick<Step, 'title' | 'text'> & { fields?: readonly string[]; shows?: 'inboundUrl' })[];
}

/** A site that may use a widget: `https://shop.example`, `https://*.shop.example`, or `*` for any. */
export const OriginPattern = z
  .string()
  .max(300)
  .regex(
    /^(\*|https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?)$/i,
    'An origin like https://shop.example, https://*.shop.example, or *.',
  );

/** What somebody has set of a theme, without the defaults: those depend on who looks at it. */
const { color, title, greeting, position, logoUrl } = WidgetTheme.shape;
const OwnTheme = z
  .object({
    color: color.unwrap(),
    title: title.unwrap(),
    greeting: greeting.unwrap(),
    position: position.unwrap(),
    logoUrl: logoUrl.unwrap(),
  })
  .partial();

export const WidgetConfig = z.strictObject({
  allowedOrigins: z.array(OriginPattern).max(100).default([]),
  /** Signs the identity of visitors (HS256). */
  identitySecret: z.string().min(32, 'At least 32 characters.').max(200),
  theme: OwnTheme.default({}),
  /** Texts that replace the widget's own, by their key. */
  strings: z.record(z.string().max(100), z.string().max(1_000)).default({}),
  locale: z.string().max(35).optional(),
});

/** Kinds that HTTP itself serves. */
export const OWN_KINDS: readonly Kind[] = [
  {
    side: 'channel',
    kind: 'widget',
    config: WidgetConfig,
    secrets: ['identitySecret'],
    made: { identitySecret: () => newToken() },
  },
  { side: 'channel', kind: 'api', config: z.strictObject({}), secrets: [], made: {} },
];

/** Kinds by side and name. */
export class Kinds {
  readonly #all: readonly Kind[];

  constructor(all: readonly Kind[]) {
    this.#all = all;
  }

  find(side: string, kind: string): Kind | undefined {
    return this.#all.find((one) => one.side === side && one.kind === kind);
  }

  /** Those of one side. */
  of(side: string): readonly Kind[] {
    return this.#all.filter((one) => one.side === side);
  }

  /** Fields of a config that are secrets; none where the kind is not known here. */
  secretsOf(side: string, kind: string): readonly string[] {
    return this.find(side, kind)?.secrets ?? [];
  }

  names(side: string): string[] {
    return this.of(side).map(({ kind }) => kind);
  }
}
