import { asyncapi } from './asyncapi.ts';
import { openapi } from './openapi.ts';

/** Version of the wire. It grows with what is added; what is there stays. */
export const WIRE_VERSION = '0.1.0';

/** The documents that describe the wire, made of the schemas that check it: file name to text. */
export function documents(): Record<'openapi.json' | 'asyncapi.json', string> {
  return {
    'openapi.json': `${JSON.stringify(openapi(WIRE_VERSION), null, 2)}\n`,
    'asyncapi.json': `${JSON.stringify(asyncapi(WIRE_VERSION), null, 2)}\n`,
  };
}
