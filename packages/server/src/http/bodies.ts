import { cleaned } from '@baton/core';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problems.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON bodies strictly: bytes that are not UTF-8 are refused rather than replaced, and what is wrong with the JSON
 * is said. An empty body is as none.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:\s*;.*)?$/i,
    { parseAs: 'buffer' },
    (_request, body, done) => {
      try {
        done(null, parseJson(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    },
  );
}

/** Escapes that may stand for what no database keeps: NUL, and halves of a character. They cannot come in otherwise. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/i;

export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new HttpProblem(
      'bad_encoding',
      'JSON is UTF-8. These bytes are not: which program wrote them, and in which encoding?',
    );
  }
  try {
    // A field of this name would change what an object is; no schema has one.
    const body: unknown = JSON.parse(text, text.includes('__proto__') ? dropProto : undefined);
    return UNSTORABLE.test(text) ? cleaned(body) : body;
  } catch (error) {
    throw new HttpProblem('bad_json', `This is not JSON: ${(error as Error).message}.`);
  }
}

function dropProto(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('a field may not be named __proto__');
  return value;
}
