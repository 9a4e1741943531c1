import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KNOWN_FAULTS, remaining } from './check-vendors/known-faults.ts';
import { type SentCall, Spec } from './check-vendors/spec.ts';

const THREE = `
openapi: 3.0.3
servers: [{url: 'https://{subdomain}.desk.example/api/v2'}]
paths:
  /tickets:
    parameters: [{$ref: '#/components/parameters/Locale'}]
    post:
      requestBody: {$ref: '#/components/requestBodies/Ticket'}
  /tickets/search:
    get:
      parameters: [{name: page, in: query, required: true, schema: {type: integer}}]
  /tickets/{id}:
    get: {}
  /messages:
    get:
      parameters: [{name: filter, in: query, required: true, style: deepObject, schema: {type: object}}]
    post:
      requestBody:
        content:
          application/json:
            schema:
              oneOf: [{$ref: '#/components/schemas/Text'}, {$ref: '#/components/schemas/Picture'}]
              discriminator: {propertyName: kind, mapping: {text: '#/components/schemas/Text', picture: Picture}}
  /uploads:
    post:
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {file: {}, name: {}}}}
components:
  parameters:
    Locale: {name: locale, in: query, schema: {type: string, enum: [en, de]}}
  requestBodies:
    Ticket:
      required: true
      content:
        application/json: {schema: {$ref: '#/components/schemas/Ticket'}}
  schemas:
    Ticket:
      type: object
      required: [subject]
      properties:
        subject: {type: string, minLength: 1}
        priority: {type: string, nullable: true}
        people: {type: array, items: {$ref: '#/components/schemas/Person'}}
    Person: {type: object, required: [name], properties: {name: {type: string}}}
    Text: {type: object, required: [kind], properties: {kind: {type: string}}}
    Picture: {type: object, required: [kind, url], properties: {kind: {type: string}, url: {type: string}}}
`;
const TWO = {
  swagger: '2.0',
  basePath: '/api',
  paths: {
    '/chat.post': {
      post: {
        parameters: [
          { name: 'channel', in: 'formData', type: 'string', required: true },
          { name: 'token', in: 'header', type: 'string' },
        ],
      },
    },
  },
};

let folder: string;
let three: Spec;
let two: Spec;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-spec-'));
  writeFileSync(join(folder, 'three.yaml'), THREE);
  writeFileSync(join(folder, 'two.json'), JSON.stringify(TWO));
  three = new Spec(join(folder, 'three.yaml'));
  two = new Spec(join(folder, 'two.json'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function call(method: string, path: string, body: unknown = '', more: Partial<SentCall> = {}): SentCall {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method, path, query: [], contentType: text === '' ? null : 'application/json', body: text, ...more };
}

describe('a call held against OpenAPI', () => {
  it('is of the schema that its discriminator names, and of no other', () => {
    expect(three.judge(call('POST', '/messages', { kind: 'picture', url: 'x' })).faults).toEqual([]);
    expect(three.judge(call('POST', '/messages', { kind: 'text' })).faults).toEqual([]);
    expect(three.judge(call('POST', '/messages', { kind: 'picture' })).faults).not.toEqual([]);
    expect(three.judge(call('POST', '/messages', { kind: 'dance' })).faults).not.toEqual([]);
  });

  it('may give a parameter in parts', () => {
    expect(three.judge(call('GET', '/messages', '', { query: [['filter[user]', 'x']] })).faults).toEqual([]);
    expect(three.judge(call('GET', '/messages')).faults).toEqual(['query: "filter" is missing']);
  });

  it('is valid when method, path, query and body are, whether or not the server’s path stands before', () => {
    const query: SentCall['query'] = [['locale', 'de']];
    const ticket = { subject: 'x', priority: null, people: [{ name: 'Ada' }] };
    for (const path of ['/tickets', '/api/v2/tickets'])
      expect(three.judge(call('POST', path, ticket, { query }))).toEqual({ operation: 'POST /tickets', faults: [] });
    expect(three.judge(call('GET', '/api/v2/tickets/42')).operation).toBe('GET /tickets/{id}');
    expect(three.judge(call('GET', '/tickets/search', '', { query: [['page', '2']] }))).toEqual({
      operation: 'GET /tickets/search',
      faults: [],
    });
  });

  it.each<[string, SentCall, string]>([
    ['an address that is not there', call('GET', '/nothing'), 'there is no GET /nothing'],
    ['a method that is not there', call('DELETE', '/tickets/1'), 'there is no DELETE'],
    ['an id with a slash in it', call('GET', '/tickets/1/2'), 'there is no GET'],
    ['a body that is missing', call('POST', '/tickets'), 'body: it is missing'],
    ['a field that is missing', call('POST', '/tickets', {}), "required property 'subject'"],
    ['a field of another type', call('POST', '/tickets', { subject: 'x', people: [{}] }), 'body.people.0'],
    ['a query that is not known', call('GET', '/tickets/1', '', { query: [['x', '1']] }), '"x" is not known'],
    ['a query that is missing', call('GET', '/tickets/search'), '"page" is missing'],
    ['a query of another type', call('GET', '/tickets/search', '', { query: [['page', 'two']] }), 'query.page'],
    [
      'a value that is not allowed',
      call('POST', '/tickets', { subject: 'x' }, { query: [['locale', 'fr']] }),
      'en, de',
    ],
    ['a body where none is expected', call('GET', '/tickets/1', { a: 1 }), 'none is expected'],
    [
      'another content type',
      call('POST', '/tickets', 'a=1', { contentType: 'text/plain' }),
      'text/plain is not one of',
    ],
  ])('names %s', (_, sent, fault) => {
    expect(three.judge(sent).faults.join('\n')).toContain(fault);
  });

  it('knows the fields of forms', () => {
    const form = (name: string) =>
      `--x\r\nContent-Disposition: form-data; name="${name}"; filename="a"\r\n\r\nbytes\r\n--x--`;
    const sent = (name: string) =>
      call('POST', '/uploads', form(name), { contentType: 'multipart/form-data; boundary=x' });
    expect(three.judge(sent('file')).faults).toEqual([]);
    expect(three.judge(sent('files[]')).faults).toEqual(['body: the field "files[]" is not known']);
  });

  it('reads Swagger 2', () => {
    const sent = (body: string) =>
      call('POST', '/api/chat.post', body, { contentType: 'application/x-www-form-urlencoded' });
    expect(two.judge(sent('channel=C1')).faults).toEqual([]);
    expect(two.judge(sent('channel=C1&colour=red')).faults).toEqual(['body: the field "colour" is not known']);
  });
});

it('a known fault of a description is excused with its reason, and no other', () => {
  const sent = call('POST', '/api/v2/tickets', {});
  const faults = [
    "body.ticket.custom_fields.0: must have required property 'key'",
    "body: must have required property 'x'",
  ];
  const judged = remaining('zendesk-support', sent, { operation: 'POST /api/v2/tickets', faults });
  expect(judged.faults).toEqual(["body: must have required property 'x'"]);
  expect(judged.excused).toEqual([KNOWN_FAULTS[0]?.why]);
});
