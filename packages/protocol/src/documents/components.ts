import { z } from 'zod';

export type Json = { [name: string]: unknown };

/**
 * JSON Schemas of a document. What has an id (`.meta({ id })`) is written once under `components/schemas` and referred
 * to; everything else stands in place.
 */
export class Components {
  readonly schemas: Record<string, Json> = {};

  /** `input` is what a caller may send (fields with a default may be left out), `output` what he gets. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs,
      ...json
    } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, override: relax }) as Json;
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Json>))
      this.#keep(name, referring(definition) as Json);
    return referring(json) as Json;
  }

  #keep(name: string, definition: Json): void {
    const known = this.schemas[name];
    if (known && JSON.stringify(known) !== JSON.stringify(definition)) {
      throw new Error(
        `Two schemas are named ${name}, or its input and its output differ. Give one of them another id.`,
      );
    }
    this.schemas[name] = definition;
  }

  /** In the order of the alphabet: the document changes only where a schema does. */
  sorted(): Record<string, Json> {
    return Object.fromEntries(Object.entries(this.schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** Answers may get more fields with time: only what is strict forbids them. */
function relax({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

function referring(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(referring);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === '$ref' && typeof inner === 'string'
        ? inner.replace(/^#\/\$defs\//, '#/components/schemas/')
        : referring(inner),
    ]),
  );
}
