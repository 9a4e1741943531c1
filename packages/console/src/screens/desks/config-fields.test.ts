import type { Adapter } from '@baton/protocol';
import { expect, test } from 'vitest';
import { changeOf, faultOf, fieldsOf, isKept, valuesOf } from './config-fields.ts';

const adapter: Adapter = {
  side: 'desk',
  kind: 'chatty',
  title: 'Chatty',
  can: {
    typing: true,
    readMarks: true,
    files: 'full',
    transcript: 'note',
    position: false,
    availability: true,
    handBack: null,
    poll: true,
    tells: [],
  },
  config: {
    type: 'object',
    required: ['token', 'inbox'],
    properties: {
      inboundSecret: { type: 'string' },
      timeoutSeconds: { type: 'number', default: 8, minimum: 1, maximum: 30 },
      url: { type: 'string', format: 'uri', default: 'https://chatty.example', title: 'Address' },
      inbox: { type: 'integer', exclusiveMinimum: 0 },
      token: { type: 'string', maxLength: 500 },
      features: { type: 'array', items: { enum: ['typing', 'poll'] }, default: [] },
      groups: { type: 'object', additionalProperties: { type: 'string' }, keys: 'queue', default: {} },
      headers: { type: 'object', additionalProperties: { type: 'string' }, default: {} },
    },
  },
  secrets: ['token', 'inboundSecret', 'headers'],
  made: ['inboundSecret'],
  setup: [{ title: 'Make an inbox', text: '', fields: ['inbox', 'token'], shows: null }],
};
const fields = fieldsOf(adapter);

test('[CN50] what a desk asks for is made of its schema: steps first, what Baton makes itself is left out', () => {
  expect(fields.map(({ name }) => name)).toEqual([
    'inbox',
    'token',
    'timeoutSeconds',
    'url',
    'features',
    'groups',
    'headers',
  ]);
  const [inbox, token, seconds, url] = fields;
  expect(inbox).toMatchObject({ label: 'Inbox', required: true, entry: { as: 'number', min: 1 } });
  expect(token).toMatchObject({ required: true, secret: true, entry: { as: 'text' } });
  expect(seconds).toMatchObject({ label: 'Timeout seconds', usual: '8', entry: { as: 'number', min: 1, max: 30 } });
  expect(url).toMatchObject({ label: 'Address', required: false, entry: { as: 'text', url: true } });
});

test('[CN50] a new desk gets what was entered, and what was left empty is left out', () => {
  const values = {
    ...valuesOf(fields, {}),
    inbox: '9',
    token: ' right ',
    features: ['poll'],
    groups: { que_1: '3', que_2: '' },
    headers: 'X-Gate: open\n\nnonsense\nX-Two:  a:b ',
  };
  expect(changeOf(fields, values, null)).toEqual({
    inbox: 9,
    token: 'right',
    features: ['poll'],
    groups: { que_1: '3' },
    headers: { 'X-Gate': 'open', 'X-Two': 'a:b' },
  });
});

test('[CN50] a secret that the vendor gives only later has something in its place until it is entered', () => {
  const later = fieldsOf({
    ...adapter,
    config: { properties: { key: { type: 'string', later: true } } },
    secrets: ['key'],
  });
  expect(changeOf(later, valuesOf(later, {}), null)).toEqual({ key: 'not-set-yet' });
  expect(changeOf(later, { key: 'now' }, null)).toEqual({ key: 'now' });
  expect(changeOf(later, { key: '' }, { key: '[secret]' })).toEqual({});
});

test('[CN50] of a desk that is there only what changed is sent; secrets begin empty, and stay unless they are entered', () => {
  const kept = { inbox: 9, token: '[secret]', url: 'https://own.example', groups: { que_1: '3' }, headers: '[secret]' };
  const before = valuesOf(fields, kept);
  expect(before).toMatchObject({ inbox: 9, token: '', headers: '', url: 'https://own.example' });
  expect(isKept(kept, 'token')).toBe(true);
  expect(changeOf(fields, before, kept)).toEqual({});
  const change = changeOf(fields, { ...before, url: '', groups: { que_1: '', que_2: '4' }, token: 'new' }, kept);
  expect(change).toEqual({ url: null, groups: { que_1: null, que_2: '4' }, token: 'new' });
});

test('[CN50] a fault belongs to its field, also one within it', () => {
  const errors = [{ path: 'config.groups.que_1', message: 'A number.' }];
  expect(faultOf(errors, 'groups')).toBe('A number.');
  expect(faultOf(errors, 'group')).toBeUndefined();
});
