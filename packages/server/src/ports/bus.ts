/** A notice may have so many bytes: PostgreSQL takes 7,999. */
export const BUS_LIMIT = 7_900;

/** Told by a bus. */
export interface BusListener {
  /** What a node has sent, perhaps this one itself. */
  heard(text: string): void;
  /** It reaches the others from now on, or does not any more. What was said in between is lost. */
  changed(up: boolean): void;
}

/**
 * Carries short notices between nodes. Nothing rests on it: the log has everything, and who missed a notice finds out by
 * himself a moment later (hub/nodes/catch-up.ts). So a bus never waits, never tries again and never throws.
 */
export interface Bus {
  /** Does it reach the other nodes, as far as it knows? */
  readonly up: boolean;
  /** Begins to listen, and connects again for ever when it is cut. */
  open(listener: BusListener): void;
  /** To every node that listens, in order, each at most once; at most `BUS_LIMIT` bytes each. Dropped while it is cut. */
  send(texts: readonly string[]): void;
  /** Sends what is left, if it is up, and ends. */
  close(): Promise<void>;
}
