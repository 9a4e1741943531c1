/** The part of JSON Schema that zod writes for what comes in. */
export interface Schema {
  $ref?: string;
  $defs?: Record<string, Schema>;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  propertyNames?: Schema;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
}

/** A small value that the schema takes. `pick` chooses among the alternatives at the top. */
export function sampleOf(root: object, pick?: (option: Schema) => boolean): unknown {
  const schema = resolve(root as Schema, root as Schema);
  const options = schema.anyOf ?? schema.oneOf;
  const chosen = pick && options?.map((one) => resolve(one, root as Schema)).find(pick);
  return sample(chosen ?? schema, root as Schema);
}

export function resolve(schema: Schema, root: Schema): Schema {
  return schema.$ref ? (root.$defs?.[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;
}

function sample(given: Schema, root: Schema): unknown {
  const schema = resolve(given, root);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const first = (schema.anyOf ?? schema.oneOf)?.[0];
  if (first) return sample(first, root);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {}, root)]),
      );
    case 'array':
      return schema.minItems ? [sample(schema.items ?? {}, root)] : [];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
  }
  if (schema.format === 'email') return 'somebody@example.com';
  if (schema.format === 'uri') return 'https://example.com';
  const prefix = /^\^(\w{3})_/.exec(schema.pattern ?? '')?.[1];
  return prefix ? `${prefix}_unknown` : 'long-enough';
}
