// Arrays as PostgreSQL reads them in binary. A statement that writes many rows takes each column as one array
// (`unnest`); as text every element would be quoted here and unquoted there, which costs more than writing it.

/** Types of elements, by their object ids: fixed for ever. */
const TEXT = 25;
const INT4 = 23;
const TIMESTAMPTZ = 1184;

/** Dimensions, flags, type, then length and first index of the only dimension: 32 bits each. An empty one has none. */
const HEADER_BYTES = 20;
const EMPTY_BYTES = 12;
const LENGTH_BYTES = 4;

/** Milliseconds from 1970 to 2000, where PostgreSQL's time begins. It counts microseconds. */
const EPOCH_2000 = 946_684_800_000;
const TWO_32 = 0x1_0000_0000;

/** `text[]`. A lone surrogate becomes U+FFFD. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = LENGTH_BYTES * values.length;
  for (const value of values) if (value !== null) size += Buffer.byteLength(value);
  const bytes = emptyArray(TEXT, values.length, size);
  let at = HEADER_BYTES;
  for (const value of values) {
    if (value === null) {
      at = bytes.writeInt32BE(-1, at);
      continue;
    }
    const written = bytes.write(value, at + LENGTH_BYTES);
    bytes.writeInt32BE(written, at);
    at += LENGTH_BYTES + written;
  }
  return bytes;
}

/** `int[]`. */
export function intArray(values: readonly number[]): Buffer {
  const bytes = emptyArray(INT4, values.length, (LENGTH_BYTES + 4) * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    at = bytes.writeInt32BE(4, at);
    at = bytes.writeInt32BE(value, at);
  }
  return bytes;
}

/** `timestamptz[]` of epoch milliseconds. */
export function timeArray(values: readonly number[]): Buffer {
  const bytes = emptyArray(TIMESTAMPTZ, values.length, (LENGTH_BYTES + 8) * values.length);
  let at = HEADER_BYTES;
  for (const value of values) {
    const micros = Math.round((value - EPOCH_2000) * 1_000);
    const high = Math.floor(micros / TWO_32);
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeInt32BE(high, at);
    at = bytes.writeUInt32BE(micros - high * TWO_32, at);
  }
  return bytes;
}

/** The header, and room for so many bytes of elements. */
function emptyArray(type: number, length: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(length === 0 ? EMPTY_BYTES : HEADER_BYTES + size);
  bytes.writeInt32BE(length === 0 ? 0 : 1, 0);
  // There may be nulls among them.
  bytes.writeInt32BE(1, 4);
  bytes.writeInt32BE(type, 8);
  if (length === 0) return bytes;
  bytes.writeInt32BE(length, 12);
  bytes.writeInt32BE(1, 16);
  return bytes;
}
