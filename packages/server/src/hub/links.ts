import type { ConversationId, IntegrationId, Millis } from '@baton/core';
import { seal, unseal } from './claims.ts';

/** A link to a transcript is good for so long: it lies in tickets, which many people read. */
const TRANSCRIPT_MS = 30 * 86_400_000;

interface Claim {
  conversation: ConversationId;
  expires: Millis;
}

/** Addresses of ours that others are told: signed where they open something. */
export class Links {
  readonly #secret: string;
  readonly #secretsBefore: readonly string[];
  readonly #publicUrl: () => string;
  readonly #now: () => Millis;

  constructor(deps: {
    secret: string;
    secretsBefore?: readonly string[];
    publicUrl: () => string;
    now: () => Millis;
  }) {
    this.#secret = deps.secret;
    this.#secretsBefore = deps.secretsBefore ?? [];
    this.#publicUrl = deps.publicUrl;
    this.#now = deps.now;
  }

  /** A page with the whole transcript, for whoever has the link, for 30 days. */
  transcript(conversation: ConversationId): string {
    const claim: Claim = { conversation, expires: this.#now() + TRANSCRIPT_MS };
    return `${this.#publicUrl()}/transcripts/${seal('transcript', claim, this.#secret)}`;
  }

  /** Whose transcript a link shows; null: it is not one of ours, or its time is over. */
  transcriptOf(token: string): ConversationId | null {
    const claim = unseal<Claim>('transcript', token, [this.#secret, ...this.#secretsBefore]);
    return claim && claim.expires > this.#now() ? claim.conversation : null;
  }

  /** Where an integration's webhooks come in. */
  inbound(integration: IntegrationId, secret: string | null): string {
    return `${this.#publicUrl()}/inbound/${integration}${secret === null ? '' : `/${encodeURIComponent(secret)}`}`;
  }
}
