/**
 * A text frame of a WebSocket as the server sends it (RFC 6455, 5.2: whole, unmasked), as a string with one character a
 * byte: to be written as `latin1`. Node hands such a string to the kernel without a buffer in between, and any number of
 * them, put together, with one call.
 */
export function frameBytes(text: string): string {
  // The readers of an event get it one after another: made once for all of them.
  if (text !== lastText) {
    const length = Buffer.byteLength(text);
    lastBytes = header(length) + (length === text.length ? text : Buffer.from(text).toString('latin1'));
    lastText = text;
  }
  return lastBytes;
}

let lastText = '';
let lastBytes = '\x81\x00';

/** The last frame of a message, of type text. */
const FIRST = '\x81';
/** The length follows in two bytes, or in eight. */
const TWO = '\x7e';
const EIGHT = '\x7f\0\0\0\0';

function header(length: number): string {
  if (length < 126) return FIRST + String.fromCharCode(length);
  if (length < 0x1_0000) return FIRST + TWO + String.fromCharCode(length >> 8, length & 0xff);
  const bytes = [length >>> 24, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff];
  return FIRST + EIGHT + String.fromCharCode(...bytes);
}
