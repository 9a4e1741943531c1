/** What a place where customers write can do. */
export interface ChannelCapabilities {
  /** Its customers read Baton's own log by socket: nothing is sent outward. Our widget only. */
  direct: boolean;
  choices: boolean;
  typing: boolean;
  readMarks: boolean;
  files: boolean;
  /** Characters of one message. */
  maxText: number;
}
