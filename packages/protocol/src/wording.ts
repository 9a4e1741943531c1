import { z } from 'zod';

/**
 * What is wrong with a value, in words for whoever wrote the request: what is wanted, and no terms of the library that
 * checks. A schema's own `error` goes before it. Whoever reads a wire by the schemas of this package gets it.
 */
z.config({ customError: faultInWords });

const KINDS: Record<string, string> = {
  string: 'A text',
  number: 'A number',
  int: 'A whole number',
  boolean: 'true or false',
  object: 'An object',
  record: 'An object',
  array: 'A list',
};

function faultInWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'It is missing.';
      return `${KINDS[issue.expected] ?? issue.expected} is wanted here, not ${kindOf(issue.input)}.`;
    case 'invalid_value':
      return `${issue.input === undefined ? 'It is missing: one' : 'One'} of ${issue.values.map(String).join(', ')}.`;
    case 'too_big':
      return `At most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}.`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'It may not be empty.';
      return `At least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}.`;
    case 'unrecognized_keys':
      return `There is no such field: ${issue.keys.join(', ')}.`;
    case 'invalid_union':
      if (issue.discriminator !== undefined) return `This ${issue.discriminator} is not known here.`;
      return issue.input === undefined
        ? 'It is missing.'
        : 'It has none of the forms that are taken here; /docs has them.';
    case 'invalid_format':
      return FORMATS[issue.format];
    default:
      return undefined;
  }
}

const FORMATS: Record<string, string> = {
  datetime: 'A time such as 2026-11-22T12:00:00Z.',
  date: 'A day such as 2026-11-22.',
  email: 'An email address.',
  url: 'A whole address, such as https://example.com/path.',
  template_literal: 'It is not an id of this kind.',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function unitOf(origin: string, count: number | bigint): string {
  const one = Number(count) === 1;
  if (origin === 'string') return one ? ' character' : ' characters';
  return origin === 'array' || origin === 'set' || origin === 'map' ? (one ? ' item' : ' items') : '';
}
