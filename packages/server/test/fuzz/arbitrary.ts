// Inputs made from the schemas: valid ones, nearly valid ones, and bytes that mean nothing.
import fc from 'fast-check';
import { resolve, type Schema } from '#test/sample.ts';

/** Ids that exist, by their prefix: without them everything would end at "not found". */
export type Ids = Record<string, readonly string[]>;

/** Once in so many times; else `null`. */
export function onceIn<T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** What has broken programs before. */
const ODD_TEXTS = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u200f\ufeff',
  '👩‍👩‍👧‍👦'.repeat(40),
  'x'.repeat(8_001),
  '%00',
  '%',
  '../../etc/passwd',
  "' or 1=1 --",
  '<script>alert(1)</script>',
  '{{7*7}}',
  '__proto__',
  'constructor',
  'null',
  'NaN',
  '-0',
  '1e400',
  'http://169.254.169.254/latest',
  'https://user:pw@[::1]:99/x',
  '2026-02-30T25:61:61Z',
];
const ODD_NUMBERS = [0, -0, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, -(2 ** 63), 5e-324];

const oddText = fc.constantFrom(...ODD_TEXTS);
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.constantFrom<unknown>(...ODD_NUMBERS, null, true, false, [], {}, [[]], { __proto__x: 1 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Values that the schema takes, as far as JSON Schema says it. */
export function validOf(root: object, ids: Ids): fc.Arbitrary<unknown> {
  return valid(root as Schema, root as Schema, ids, 0);
}

function valid(given: Schema, root: Schema, ids: Ids, depth: number): fc.Arbitrary<unknown> {
  const schema = resolve(given, root);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((option) => valid(option, root, ids, depth)));
  if (depth > 8) return fc.constant(null);
  switch (schema.type) {
    case 'object':
      return validObject(schema, root, ids, depth);
    case 'array':
      return fc.array(valid(schema.items ?? {}, root, ids, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, 4)),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return fc.integer({ min: bound(schema.minimum, -1_000), max: bound(schema.maximum, 100_000) });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 100_000, noNaN: true });
    case 'string':
      return validText(schema, ids);
  }
  return fc.jsonValue({ maxDepth: 2 });
}

function bound(given: number | undefined, otherwise: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, given ?? otherwise));
}

function validObject(schema: Schema, root: Schema, ids: Ids, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => [name, valid(field, root, ids, depth + 1)] as const,
  );
  if (fields.length > 0)
    return fc.record(Object.fromEntries(fields), { requiredKeys: (schema.required ?? []) as never[] });
  const value = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  const key = schema.propertyNames
    ? (valid(schema.propertyNames, root, ids, depth + 1) as fc.Arbitrary<string>)
    : fc.string();
  return fc.dictionary(
    key.filter((name) => name !== '__proto__'),
    valid(value, root, ids, depth + 1),
    { maxKeys: 4 },
  );
}

function validText(schema: Schema, ids: Ids): fc.Arbitrary<string> {
  const prefix = /\^(\w{3})_/.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined)
    return fc.constantFrom(...(ids[prefix] ?? []), `${prefix}_unknown`, `${prefix}_${'z'.repeat(64)}`);
  if (schema.format === 'uri')
    return fc.constantFrom('https://example.com/a?b=c#d', 'http://127.0.0.1:9', 'https://[2001:db8::1]/');
  if (schema.format === 'email') return fc.constantFrom('ada@example.com', 'a+b@sub.example.co.uk');
  if (schema.format === 'date-time') return fc.constantFrom('2026-11-22T12:00:00Z', '1970-01-01T00:00:00.000Z');
  const size = { minLength: schema.minLength ?? 0, maxLength: Math.min(schema.maxLength ?? 200, 200) };
  if (schema.pattern !== undefined)
    return fc.oneof(
      fc.constantFrom('a1', 'abc-def'),
      fc.string({ minLength: 1, maxLength: 40 }).map((text) => text.replace(/[^\x21-\x7e]/g, 'a')),
    );
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ ...size, unit: 'binary' }) },
    { weight: 1, arbitrary: oddText },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(ids).flat(), 'I want to talk to a human') },
  );
}

/** Takes a value and gives it with something wrong in it: a field gone, a stranger, another type, an odd text, somewhere in its depth. */
export const spoiler: fc.Arbitrary<(value: unknown) => unknown> = fc
  .tuple(
    fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    fc.constantFrom('drop', 'replace', 'add', 'wrap'),
    oddValue,
  )
  .map(
    ([path, how, odd]) =>
      (value) =>
        spoil(value, path, how, odd),
  );

/** One valid value with something wrong in it. */
export function nearlyOf(arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(arbitrary, spoiler).map(([value, wrong]) => wrong(value));
}

function spoil(value: unknown, path: readonly number[], how: string, odd: unknown): unknown {
  if (value === null || typeof value !== 'object') return how === 'wrap' ? [value] : odd;
  const entries = Object.entries(value);
  const [at = 0, ...deeper] = path;
  if (entries.length === 0 || how === 'add')
    return Array.isArray(value) ? [...value, odd] : { ...value, surprise: odd };
  const [name, inner] = entries[at % entries.length] as [string, unknown];
  const goOn = inner !== null && typeof inner === 'object' && deeper.length > 0 && (deeper[0] ?? 0) % 3 !== 0;
  if (how === 'drop' && !goOn) return Array.isArray(value) ? value.slice(1) : without(value as object, name);
  const spoilt = goOn ? spoil(inner, deeper, how, odd) : how === 'wrap' ? { [name]: inner } : odd;
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === name ? spoilt : one));
  return { ...value, [name]: spoilt };
}

function without(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}

/** Bytes that are no JSON, or no UTF-8, or JSON that hurts. */
export const garbage: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        '{"a":',
        'null',
        '[]',
        '"text"',
        '{"__proto__":{"x":1}}',
        '{"constructor":{"prototype":{"x":1}}}',
        '['.repeat(5_000),
        `{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
        // Deeper than a stack: whoever walks through it ends there.
        `{"frames":[${'['.repeat(20_000)}${']'.repeat(20_000)}]}`,
        `{"attributes":${'{"a":'.repeat(20_000)}"\\u0000"${'}'.repeat(20_000)}}`,
        `{"a":1${'0'.repeat(4_000)}}`,
        '{"type":"say"}\u0000',
        '\ufeff{}',
      )
      .map((text) => Buffer.from(text)),
  },
);

/** The text of a JSON value; lone surrogates survive as escapes, so that the server meets them. */
export function jsonOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? '');
}

/** Bodies by the schema: as many valid as nearly valid, and some garbage. */
export function bodiesOf(schema: object, ids: Ids): fc.Arbitrary<Buffer> {
  const good = validOf(schema, ids);
  return fc.oneof(
    { weight: 4, arbitrary: good.map(jsonOf) },
    { weight: 4, arbitrary: nearlyOf(good).map(jsonOf) },
    { weight: 1, arbitrary: garbage },
  );
}

/** Texts for addresses, headers and variables. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  oddText,
  fc.string({ maxLength: 60 }),
  fc.string({ maxLength: 30, unit: 'binary' }),
);
