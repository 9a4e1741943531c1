/** What a conversation's two ends hear. `n` is the number that the message was said with. */
export interface Ears {
  /** The customer knows that his message is safe. */
  acknowledged(n: number): void;
  /** The agent has it. */
  relayed(n: number): void;
}

/** One conversation: a socket of its customer and a socket of its agent. */
export interface Pair {
  /** The customer says message `n`. */
  say(n: number): void;
}

/** A server that stands, with its conversations. */
export interface Standing {
  pid: number;
  pairs: readonly Pair[];
  stop(): Promise<void>;
}

export interface Setting {
  /** An empty database. */
  database: string;
  conversations: number;
  ears: Ears;
  /** For Node, as `--cpu-prof`. */
  nodeArguments: readonly string[];
}

export const NAMES = ['baton', 'limit', 'usual'] as const;

/**
 * baton: Baton as it is · limit: the least that a durable relay can be (limit-server.ts) · usual: what teams write
 * (usual-server.ts).
 */
export type Name = (typeof NAMES)[number];

export type Start = (setting: Setting) => Promise<Standing>;
