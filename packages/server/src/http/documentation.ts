import { readFileSync } from 'node:fs';
import { documents } from '@baton/protocol/documents';
import { PROBLEMS } from '@baton/protocol/schemas';

const made = memo(documents);
export const openapiText = (): string => made()['openapi.json'];
export const asyncapiText = (): string => made()['asyncapi.json'];

function memo<T>(make: () => T): () => T {
  let kept: T | undefined;
  return () => {
    kept ??= make();
    return kept;
  };
}

/** A file of pages/, read once. */
export function page(name: string): string {
  const known = pages.get(name) ?? readFileSync(new URL(`./pages/${name}`, import.meta.url), 'utf8');
  pages.set(name, known);
  return known;
}
const pages = new Map<string, string>();

/** Fills `{{name}}` with HTML that is ours or escaped. */
export function fill(html: string, values: Record<string, string>): string {
  return html.replace(/\{\{(\w+)\}\}/g, (_, name: string) => values[name] ?? '');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const MENU = [
  ['/docs', 'HTTP API'],
  ['/docs/realtime', 'Realtime'],
  ['/docs/problems', 'Problems'],
  ['/v1/openapi.json', 'openapi.json'],
  ['/v1/asyncapi.json', 'asyncapi.json'],
] as const;

export function menu(here: string): string {
  const links = MENU.map(
    ([href, name]) => `<a href="${href}"${href === here ? ' aria-current="page"' : ''}>${name}</a>`,
  );
  return `<nav class="menu" aria-label="Documentation"><strong>Baton</strong>${links.join('')}</nav>`;
}

function shell(here: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Baton · ${title}</title><link rel="stylesheet" href="/docs/style.css"></head>
<body>${menu(here)}<main class="page">${body}</main></body>
</html>`;
}

/** Every problem code, so that `type` of an answer leads somewhere. */
export const problemsPage = memo(() => {
  const rows = Object.entries(PROBLEMS).map(
    ([code, [status, title]]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escapeHtml(title)}</td></tr>`,
  );
  return shell(
    '/docs/problems',
    'Problems',
    `<h1>Problems</h1><p>Errors are <code>application/problem+json</code> (RFC 9457). <code>code</code> is stable, <code>detail</code> says what to do, <code>errors</code> names the fields, <code>requestId</code> finds the request in the log.</p><table><thead><tr><th>code</th><th>status</th><th>meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table>`,
  );
});

interface Documented {
  info: { description: string };
  channels: Record<string, { address: string; title: string; description: string }>;
  operations: Record<string, { summary: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { name: string; payload: Schema }>; schemas: Record<string, unknown> };
}

interface Schema {
  properties?: Record<
    string,
    { description?: string; type?: string; const?: string; $ref?: string; enum?: string[] } & Record<string, unknown>
  >;
  required?: string[];
}

/** The frames of both sockets, from the AsyncAPI document. */
export const realtimePage = memo(() => {
  const { info, channels, operations, components } = JSON.parse(asyncapiText()) as Documented;
  const parts = Object.entries(channels).map(([name, { address, title, description }]) => {
    const sides = Object.values(operations).filter(({ channel }) => channel.$ref.endsWith(`/${name}`));
    const lists = sides.map(({ summary, messages }) => {
      const frames = messages.map(({ $ref }) => frameHtml(components.messages[$ref.split('/').at(-1) ?? '']));
      return `<h2>${escapeHtml(title)}: ${escapeHtml(summary.toLowerCase())}</h2>${frames.join('')}`;
    });
    return `<h1><code>${address}</code> ${escapeHtml(title)}</h1><p>${inline(description)}</p>${lists.join('')}`;
  });
  return shell(
    '/docs/realtime',
    'Realtime',
    `${prose(info.description)}${parts.join('')}<p>The whole document, with all schemas: <a href="/v1/asyncapi.json">/v1/asyncapi.json</a>.</p>`,
  );
});

function frameHtml(frame: Documented['components']['messages'][string] | undefined): string {
  if (!frame) return '';
  const required = new Set(frame.payload.required);
  const rows = Object.entries(frame.payload.properties ?? {}).map(([name, field]) => {
    const { description, ...schema } = field;
    return `<tr><td><code>${escapeHtml(name)}</code>${required.has(name) ? '' : ' <small>optional</small>'}</td><td><code>${escapeHtml(typeName(schema))}</code>${description ? `<br>${inline(description)}` : ''}</td></tr>`;
  });
  return `<h3>${escapeHtml(frame.name)}</h3><table><tbody>${rows.join('')}</tbody></table>`;
}

function typeName(schema: Record<string, unknown>): string {
  const { $ref, type, anyOf, items, pattern, additionalProperties } = schema;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => JSON.stringify(word)).join(' | ');
  if (typeof $ref === 'string') return $ref.split('/').at(-1) ?? '';
  if (Array.isArray(anyOf)) return anyOf.map((one) => typeName(one)).join(' | ');
  if (type === 'array') return `${typeName((items ?? {}) as Record<string, unknown>)}[]`;
  const id = typeof pattern === 'string' ? /^\^(\w+_)\[/.exec(pattern)?.[1] : undefined;
  if (id) return `${id}...`;
  if (type === 'object' && additionalProperties)
    return `{ [name]: ${typeName(additionalProperties as Record<string, unknown>)} }`;
  return String(type ?? 'any');
}

/** The little Markdown that descriptions use: code, bold, lists, paragraphs. */
function prose(markdown: string): string {
  return markdown
    .split('\n\n')
    .map((block) => {
      const lines = block.split('\n');
      if (lines.every((line) => /^\d+\. /.test(line)))
        return `<ol>${lines.map((line) => `<li>${inline(line.replace(/^\d+\. /, ''))}</li>`).join('')}</ol>`;
      return `<p>${inline(block)}</p>`;
    })
    .join('');
}

function inline(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>');
}
