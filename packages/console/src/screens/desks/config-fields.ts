import type { Adapter, Integration } from '@baton/protocol';

/** What the hub shows in the place of a secret that is set. */
export const MASK = '[secret]';

/** Stands for a secret that the vendor gives only after it knows our address, until it is entered. */
export const NOT_YET = 'not-set-yet';

/** One setting of a desk as a person enters it, made of its JSON Schema. */
export interface Field {
  name: string;
  label: string;
  hint: string | undefined;
  required: boolean;
  secret: boolean;
  /** Known only after the desk knows our address: entered after it was connected. */
  later: boolean;
  /** What counts where nothing is entered. */
  usual: string | undefined;
  entry:
    | { as: 'text'; url: boolean; maxLength: number | undefined }
    | { as: 'number'; min: number | undefined; max: number | undefined }
    | { as: 'switch' }
    | { as: 'choice'; options: string[] }
    | { as: 'choices'; options: string[] }
    /** Something for each of our queues. */
    | { as: 'queues' }
    /** Names and values, a line each. */
    | { as: 'pairs' };
}

/** What stands in the form: by the field's name. Pairs are lines of text. */
export type Values = Record<string, string | number | boolean | string[] | Record<string, string>>;

interface Schema {
  type?: string;
  title?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  format?: string;
  maxLength?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  /** Ours: whose ids the keys of an object are. */
  keys?: string;
  /** Ours: known only after the desk knows our address. */
  later?: boolean;
}

/** The settings of a kind of desk, in the order of its steps and then of its config, without those that Baton makes itself. */
export function fieldsOf({ config, secrets, made, setup }: Adapter): Field[] {
  const { properties = {}, required = [] } = config as Schema;
  const asked = setup.flatMap(({ fields }) => fields);
  const place = (name: string) => (asked.includes(name) ? asked.indexOf(name) : asked.length);
  return Object.entries(properties)
    .filter(([name]) => !made.includes(name))
    .sort(([a], [b]) => place(a) - place(b))
    .map(([name, schema]) => {
      const entry = entryOf(schema);
      return {
        name,
        label: schema.title ?? plain(name),
        hint: schema.description,
        required: required.includes(name),
        secret: secrets.includes(name),
        later: schema.later === true,
        usual: isPlain(schema.default) ? String(schema.default) : undefined,
        entry,
      };
    });
}

function entryOf(schema: Schema): Field['entry'] {
  const { type, enum: options, items, minimum, exclusiveMinimum, maximum, maxLength } = schema;
  if (options) return { as: 'choice', options: options.map(String) };
  switch (type) {
    case 'number':
    case 'integer':
      return {
        as: 'number',
        min: minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1),
        max: maximum,
      };
    case 'boolean':
      return { as: 'switch' };
    case 'array':
      return { as: 'choices', options: (items?.enum ?? []).map(String) };
    case 'object':
      return schema.keys === 'queue' ? { as: 'queues' } : { as: 'pairs' };
    default:
      return { as: 'text', url: schema.format === 'uri', maxLength };
  }
}

/** What a form begins with. Secrets begin empty: they are never shown again. */
export function valuesOf(fields: readonly Field[], config: Integration['config']): Values {
  return Object.fromEntries(fields.map((field) => [field.name, enteredOf(field, config[field.name])]));
}

function enteredOf({ entry, secret }: Field, kept: unknown): Values[string] {
  switch (entry.as) {
    case 'switch':
      return kept === true;
    case 'choices':
      return Array.isArray(kept) ? kept.map(String) : [];
    case 'queues':
      return kept !== null && typeof kept === 'object' ? (kept as Record<string, string>) : {};
    case 'number':
      return typeof kept === 'number' ? kept : '';
    case 'pairs':
      return secret || kept === null || typeof kept !== 'object' ? '' : linesOf(kept as Record<string, string>);
    case 'text':
    case 'choice':
      return secret || kept === undefined || kept === null ? '' : String(kept);
  }
}

/**
 * What is sent: for a new desk all that was entered, for one that is there what changed. Emptied settings are taken away; an
 * empty secret stays as it is.
 */
export function changeOf(
  fields: readonly Field[],
  values: Values,
  kept: Integration['config'] | null,
): Record<string, unknown> {
  const before = valuesOf(fields, kept ?? {});
  const change: Record<string, unknown> = {};
  for (const field of fields) {
    if (!kept && field.later) change[field.name] = NOT_YET;
    const value = values[field.name] ?? '';
    const old = before[field.name] ?? '';
    if (JSON.stringify(value) === JSON.stringify(old)) continue;
    if (isEmpty(value)) {
      if (kept && !field.secret) change[field.name] = null;
    } else change[field.name] = sentOf(field, value, old);
  }
  return change;
}

function sentOf({ entry }: Field, value: Values[string], old: Values[string]): unknown {
  switch (entry.as) {
    case 'number':
      return Number(value);
    case 'pairs':
      return pairsOf(String(value));
    case 'queues': {
      // A change of an object is merged: what was emptied has to be named.
      const filled = Object.entries(value as Record<string, string>).filter(([, group]) => group.trim() !== '');
      const gone = Object.keys(old as object).filter((queue) => !filled.some(([name]) => name === queue));
      return { ...Object.fromEntries(gone.map((queue) => [queue, null])), ...Object.fromEntries(filled) };
    }
    case 'switch':
    case 'choice':
    case 'choices':
      return value;
    case 'text':
      return String(value).trim();
  }
}

/** Is this secret set? */
export function isKept(config: Integration['config'], name: string): boolean {
  return config[name] === MASK;
}

/** A problem with `config.url` belongs to the field `url`. */
export function faultOf(errors: readonly { path: string; message: string }[], name: string): string | undefined {
  return errors.find(({ path }) => path === `config.${name}` || path.startsWith(`config.${name}.`))?.message;
}

function isEmpty(value: Values[string]): boolean {
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) && value.length === 0;
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function linesOf(pairs: Record<string, string>): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

function pairsOf(lines: string): Record<string, string> {
  return Object.fromEntries(
    lines.split('\n').flatMap((line): [string, string][] => {
      const [, name = '', value = ''] = /^\s*([^:]+?)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value]];
    }),
  );
}

/** `inboxIdentifier` as people read it. */
function plain(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
