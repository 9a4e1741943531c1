/** A vendor's request as it came: the bytes are what was signed, so nothing is parsed before they are verified. */
export interface RawRequest {
  method: string;
  /** Path and query as the vendor called it. */
  url: string;
  query: Record<string, string>;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** Milliseconds since 1970. */
  at: number;
}

/** The answer that a vendor expects where a plain 200 is not enough: a challenge, TwiML ... */
export interface RawReply {
  status: number;
  body: string;
  contentType: string;
}
