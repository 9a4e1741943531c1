type Json = Record<string, unknown>;

/**
 * OpenAPI 3.0 is almost JSON Schema; what it writes otherwise is written as a JSON Schema validator expects it, in place:
 * `nullable`, `exclusiveMinimum` as a flag, and `discriminator`, by which one field says which of several schemas holds.
 */
export function normalise(value: unknown): void {
  if (Array.isArray(value)) for (const one of value) normalise(one);
  else if (typeof value === 'object' && value !== null) {
    for (const one of Object.values(value)) normalise(one);
    normaliseSchema(value as Json);
  }
}

function normaliseSchema(schema: Json): void {
  if (schema.nullable === true) allowNull(schema);
  if (typeof schema.nullable === 'boolean') delete schema.nullable;
  discriminate(schema);
  for (const [flag, bound] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (typeof schema[flag] !== 'boolean') continue;
    const exclusive = schema[flag];
    delete schema[flag];
    if (exclusive && typeof schema[bound] === 'number') {
      schema[flag] = schema[bound];
      delete schema[bound];
    }
  }
}

function allowNull(schema: Json): void {
  if (typeof schema.type === 'string') schema.type = [schema.type, 'null'];
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum.push(null);
  for (const key of ['$ref', 'allOf', 'oneOf', 'anyOf'])
    if (schema[key] !== undefined && schema.type === undefined) {
      const inner = { [key]: schema[key] };
      delete schema[key];
      schema.anyOf = [inner, { type: 'null' }];
      return;
    }
}

/** Without it a picture would also be a file and a text: schemas that differ in their names only. */
function discriminate(schema: Json): void {
  const { discriminator, oneOf } = schema as { discriminator?: Json; oneOf?: unknown };
  const { propertyName, mapping } = (discriminator ?? {}) as { propertyName?: unknown; mapping?: Json };
  if (!Array.isArray(oneOf) || typeof propertyName !== 'string' || typeof mapping !== 'object') return;
  delete schema.oneOf;
  delete schema.discriminator;
  schema.anyOf = Object.entries(mapping).map(([name, target]) => ({
    allOf: [
      { $ref: String(target).startsWith('#') ? target : `#/components/schemas/${target}` },
      { type: 'object', required: [propertyName], properties: { [propertyName]: { const: name } } },
    ],
  }));
}
