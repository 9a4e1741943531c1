/**
 * Ids are opaque outside this file: a prefix that says what it names, then a time-sortable part.
 * The prefix is in the type, so that a handoff's id cannot be passed where a conversation's is meant.
 */
export type WorkspaceId = `wsp_${string}`;
export type CustomerId = `cus_${string}`;
export type ConversationId = `cnv_${string}`;
export type MessageId = `msg_${string}`;
export type HandoffId = `hnd_${string}`;
export type AgentId = `agt_${string}`;
export type QueueId = `que_${string}`;
/** A configured adapter: a channel, a bot or a desk. */
export type IntegrationId = `int_${string}`;
export type WebhookId = `whk_${string}`;
export type KeyId = `key_${string}`;
export type ShiftId = `shf_${string}`;
export type FileId = `fil_${string}`;

export type IdPrefix =
  | 'wsp'
  | 'cus'
  | 'cnv'
  | 'msg'
  | 'hnd'
  | 'agt'
  | 'que'
  | 'int'
  | 'evt'
  | 'whk'
  | 'key'
  | 'fil'
  | 'shf'
  | 'aud';

/** Makes ids. Passed in, so that the rules stay free of dice; tests pass a counter. */
export type NewId = <P extends IdPrefix>(prefix: P) => `${P}_${string}`;

/** Milliseconds since 1970. Inside Baton every moment is this; the wire writes RFC 3339. */
export type Millis = number;
