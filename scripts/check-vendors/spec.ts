import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { normalise } from './normal.ts';

/** A call that an adapter sent, as its contract wrote it down. */
export interface SentCall {
  method: string;
  path: string;
  query: [name: string, value: string][];
  contentType: string | null;
  body: string;
}

/** What a vendor's own description says of a call. */
export interface Verdict {
  /** As the description names it: `POST /tickets/{id}`; null: it has no such operation. */
  operation: string | null;
  /** What is wrong, each with its place; none: it is valid. */
  faults: string[];
}

type Json = Record<string, unknown>;

interface Operation {
  name: string;
  /** Matches a whole path. */
  matches: RegExp;
  /** Templates with fewer holes are asked first. */
  holes: number;
  pointer: string;
  parameters: Parameter[];
  body: { required: boolean; types: Record<string, { schema: string | null; names: string[] | null }> } | null;
}

interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header' | 'cookie';
  required: boolean;
  /** A pointer to its schema; null: anything. */
  schema: string | null;
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** A vendor's OpenAPI 3 or Swagger 2 file, ready to judge calls. */
export class Spec {
  readonly #document: Json;
  readonly #ajv = new Ajv({
    strict: false,
    validateSchema: false,
    validateFormats: false,
    allErrors: true,
    // Query parameters are text on the wire.
    coerceTypes: true,
    logger: false,
  });
  readonly #operations: Operation[];
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(file: string) {
    // JSON is YAML, too.
    this.#document = parse(readFileSync(file, 'utf8'), { logLevel: 'silent', maxAliasCount: -1 }) as Json;
    normalise(this.#document);
    this.#ajv.addSchema(this.#document, 'spec');
    this.#operations = this.#readOperations();
  }

  judge(call: SentCall): Verdict {
    const operation = this.#operations.find(
      ({ name, matches }) => name.startsWith(`${call.method} `) && matches.test(call.path),
    );
    if (!operation) return { operation: null, faults: [`there is no ${call.method} ${call.path}`] };
    return {
      operation: operation.name,
      faults: [...this.#queryFaults(operation, call), ...this.#bodyFaults(operation, call)],
    };
  }

  #queryFaults({ parameters }: Operation, { query }: SentCall): string[] {
    const known = parameters.filter((one) => one.in === 'query');
    const faults: string[] = [];
    for (const [name, value] of query) {
      const parameter = known.find((one) => one.name === name || name.startsWith(`${one.name}[`));
      if (!parameter) faults.push(`query: "${name}" is not known`);
      else if (parameter.schema !== null && parameter.name === name)
        faults.push(...this.#schemaFaults(parameter.schema, value, `query.${name}`));
    }
    // `filter[user]` gives `filter`.
    const given = new Set(query.flatMap(([name]) => [name, name.replace(/\[.*$/, '')]));
    for (const { name, required } of known)
      if (required && !given.has(name)) faults.push(`query: "${name}" is missing`);
    return faults;
  }

  #bodyFaults({ body }: Operation, { contentType, body: text }: SentCall): string[] {
    if (text === '') return body?.required ? ['body: it is missing'] : [];
    if (!body) return ['body: none is expected'];
    const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
    const wanted = body.types[type] ?? body.types['*/*'];
    if (!wanted) return [`body: ${type || 'no content type'} is not one of ${Object.keys(body.types).join(', ')}`];
    if (type === 'application/json') {
      const value = jsonOf(text);
      if (value === undefined) return ['body: it is not JSON'];
      return wanted.schema === null ? [] : this.#schemaFaults(wanted.schema, value, 'body');
    }
    const { names } = wanted;
    const fields =
      type === 'multipart/form-data'
        ? fieldsOf(text)
        : type === 'application/x-www-form-urlencoded'
          ? [...new URLSearchParams(text).keys()]
          : [];
    return names === null
      ? []
      : fields
          .filter((name) => !names.includes(name.replace(/\[.*$/, '')) && !names.includes(name))
          .map((name) => `body: the field "${name}" is not known`);
  }

  #schemaFaults(pointer: string, value: unknown, place: string): string[] {
    let validate = this.#compiled.get(pointer);
    if (!validate) {
      validate = this.#ajv.compile({ $ref: `spec#${pointer}` });
      this.#compiled.set(pointer, validate);
    }
    // Coercion writes into what it is given.
    if (validate(structuredClone(value))) return [];
    const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if');
    return [
      ...new Set(
        errors.map(
          ({ instancePath, message, params }) =>
            `${place}${instancePath.replaceAll('/', '.')}: ${message}${detail(params)}`,
        ),
      ),
    ];
  }

  #readOperations(): Operation[] {
    const bases = this.#bases();
    const found: Operation[] = [];
    for (const [path, item] of Object.entries(this.#document.paths as Record<string, Json>)) {
      for (const method of METHODS) {
        const operation = item[method] as Json | undefined;
        if (!operation) continue;
        const pointer = `/paths/${escapePointer(path)}/${method}`;
        const parameters = [
          ...this.#parameters(item.parameters, `/paths/${escapePointer(path)}/parameters`),
          ...this.#parameters(operation.parameters, `${pointer}/parameters`),
        ];
        found.push({
          name: `${method.toUpperCase()} ${path}`,
          matches: new RegExp(`^(?:${bases.map(escapeRegExp).join('|')})${pathPattern(path)}/?$`),
          holes: path.split('{').length - 1,
          pointer,
          parameters,
          body: this.#isSwagger2() ? this.#body2(operation, pointer) : this.#body3(operation, pointer),
        });
      }
    }
    return found.sort((a, b) => a.holes - b.holes);
  }

  /** What may stand before a path: nothing (the twin is at the root), or the path of a server. */
  #bases(): string[] {
    const servers = (this.#document.servers as { url: string }[] | undefined) ?? [];
    const urls = [...servers.map(({ url }) => url), String(this.#document.basePath ?? '')];
    const paths = urls.map((url) => url.replace(/^https?:\/\/[^/]*/, '').replace(/\/+$/, ''));
    return [...new Set(['', ...paths])];
  }

  #isSwagger2(): boolean {
    return typeof this.#document.swagger === 'string';
  }

  #parameters(list: unknown, pointer: string): Parameter[] {
    return ((list as Json[] | undefined) ?? []).flatMap((raw, index) => {
      const { value, at } = this.#resolve(raw, `${pointer}/${index}`);
      const where = value.in;
      if (where !== 'query' && where !== 'path' && where !== 'header' && where !== 'cookie') return [];
      const schema = value.schema ? `${at}/schema` : value.type ? at : null;
      return [{ name: String(value.name), in: where, required: value.required === true, schema }];
    });
  }

  #body3(operation: Json, pointer: string): Operation['body'] {
    const raw = operation.requestBody as Json | undefined;
    if (!raw) return null;
    const { value, at } = this.#resolve(raw, `${pointer}/requestBody`);
    const content = (value.content as Record<string, Json> | undefined) ?? {};
    const types = Object.fromEntries(
      Object.entries(content).map(([type, media]) => {
        const schema = media.schema ? `${at}/content/${escapePointer(type)}/schema` : null;
        return [
          type.split(';')[0]?.toLowerCase() ?? type,
          { schema, names: schema === null ? null : this.#names(media.schema as Json) },
        ];
      }),
    );
    return { required: value.required === true, types };
  }

  #body2(operation: Json, pointer: string): Operation['body'] {
    const list = (operation.parameters as Json[] | undefined) ?? [];
    const index = list.findIndex((one) => one.in === 'body');
    if (index !== -1)
      return {
        required: list[index]?.required === true,
        types: { 'application/json': { schema: `${pointer}/parameters/${index}/schema`, names: null } },
      };
    const names = list.filter((one) => one.in === 'formData').map((one) => String(one.name));
    const types = { schema: null, names };
    return {
      required: false,
      types: {
        'application/x-www-form-urlencoded': types,
        'multipart/form-data': types,
        'application/json': { schema: null, names },
      },
    };
  }

  /** The names of a form's fields; null: it may have any. */
  #names(schema: Json): string[] | null {
    const { value } = this.#resolve(schema, '');
    const parts = ['oneOf', 'anyOf', 'allOf'].flatMap((key) => (value[key] as Json[] | undefined) ?? []);
    const own = Object.keys((value.properties as Json | undefined) ?? {});
    const inner = parts.flatMap((part) => this.#names(part) ?? []);
    return own.length + inner.length === 0 ? null : [...own, ...inner];
  }

  #resolve(value: Json, at: string): { value: Json; at: string } {
    const ref = value.$ref;
    if (typeof ref !== 'string') return { value, at };
    const pointer = ref.replace(/^#/, '');
    const target = pointer
      .split('/')
      .slice(1)
      .reduce<unknown>(
        (inner, key) => (inner as Json)[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')],
        this.#document,
      );
    return this.#resolve(target as Json, pointer);
  }
}

/** A template as a pattern; a hole is one part of the path. */
function pathPattern(path: string): string {
  return path
    .replace(/\/+$/, '')
    .split(/\{[^}]+\}/)
    .map(escapeRegExp)
    .join('[^/]+');
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** RFC 6901, and as a part of a URI. */
function escapePointer(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function detail(params: Record<string, unknown>): string {
  const value = params.additionalProperty ?? params.allowedValues;
  return value === undefined ? '' : ` (${Array.isArray(value) ? value.slice(0, 12).join(', ') : String(value)})`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(multipart: string): string[] {
  return [...multipart.matchAll(/content-disposition:\s*form-data;[^\r\n]*?\bname="([^"]+)"/gi)].map(
    ([, name]) => name ?? '',
  );
}
