import type { IntegrationId } from '@baton/core';

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

/** Where the customer writes. */
export interface Channel {
  readonly id: IntegrationId;
  readonly kind: string;
  readonly can: ChannelCapabilities;
}
