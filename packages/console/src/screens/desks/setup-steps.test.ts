import { expect, test } from 'vitest';
import type { Field } from './config-fields.ts';
import { type SetupStep, setupSteps } from './setup-steps.ts';

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  hint: undefined,
  required: true,
  secret: false,
  later: false,
  usual: undefined,
  entry: { as: 'text', url: false, maxLength: undefined },
  ...more,
});
const step = (title: string, fields: string[], shows: SetupStep['shows'] = null): SetupStep => ({
  title,
  text: '',
  fields,
  shows,
});
const namesOf = (steps: SetupStep[]) => steps.map(({ title, fields }) => [title, ...fields]);

test('[CN50] what is required is asked for before the address is made, but for what is known only after it', () => {
  const setup = [step('App', ['token']), step('Webhook', ['key', 'inbox'], 'inboundUrl'), step('Macro', ['tag'])];
  const fields = [field('token'), field('key', { later: true }), field('inbox'), field('tag', { usual: 'bot' })];
  const { before, after } = setupSteps({ setup }, fields);
  expect(namesOf(before)).toEqual([
    ['App', 'token'],
    ['What Baton needs', 'inbox'],
  ]);
  expect(namesOf(after)).toEqual([
    ['Webhook', 'key'],
    ['Macro', 'tag'],
  ]);
});

test('[CN50] a desk that says nothing of its setting up has a form and its address all the same', () => {
  const { before, after } = setupSteps({ setup: [] }, [field('url')]);
  expect(namesOf(before)).toEqual([['What Baton needs', 'url']]);
  expect(after).toMatchObject([{ shows: 'inboundUrl' }]);
});
