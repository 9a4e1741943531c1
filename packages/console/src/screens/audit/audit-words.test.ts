import { expect, test } from 'vitest';
import { actionWords, detailWords } from './audit-words.ts';

test('[CN54] what was done is said in words, also what has none of its own', () => {
  expect(actionWords('createKey')).toBe('Made an API key');
  expect(actionWords('login.failed')).toBe('Login failed');
  expect(actionWords('adoptParrot')).toBe('Adopt parrot');
  expect(detailWords({ fields: ['name', 'role'], role: 'admin' })).toBe('role: admin · name');
  expect(detailWords({ scopes: ['admin', 'conversations:read'], fields: [] })).toBe(
    'scopes: admin, conversations:read',
  );
  expect(detailWords({})).toBe('');
});
