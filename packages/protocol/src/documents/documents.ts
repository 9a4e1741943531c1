/** The documents that describe the wire, made of the schemas that check it. */
export { asyncapi } from './asyncapi.ts';
export { openapi } from './openapi.ts';
