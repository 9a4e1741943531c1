import type { ConversationId, Millis, NewId } from '@baton/core';
import type { Pool } from 'pg';
import type { BotReplies } from '#hub/bot-replies.ts';
import type { Circuits } from '#hub/circuits.ts';
import type { DeskIngest } from '#hub/desk-ingest.ts';
import type { Desks } from '#hub/desks.ts';
import type { Directory } from '#hub/directory.ts';
import type { Ledger } from '#hub/ledger.ts';
import type { Line } from '#hub/line.ts';
import type { Links } from '#hub/links.ts';
import type { Nodes } from '#hub/nodes/nodes.ts';
import type { Signals } from '#hub/signals.ts';
import type { Webhooks } from '#hub/webhooks.ts';
import type { Log } from '#log';
import type { Seal } from '#store/sealed.ts';
import type { Auth } from './auth.ts';
import type { Kinds } from './kinds.ts';
import type { Limits } from './limits.ts';

/** What the operator decided, as far as HTTP looks at it. */
export interface HttpSettings {
  /** How the world reaches this server, without a slash at the end. May be a getter: with PORT 0 it is known once we listen. */
  readonly publicUrl: string;
  /** Who sends it as a bearer token may read /metrics; left out or null: everybody. */
  metricsToken?: string | null;
  /** Uploads are kept below it. */
  dataDir: string;
  secretKey: string;
  /** Earlier ones, whose tokens and sealed answers still count. */
  secretKeysBefore: readonly string[];
  trustProxy: number;
  /** Which addresses a webhook may have: `loopback` adds this machine to public ones, `any` the operator's own network. */
  reach: 'public' | 'loopback' | 'any';
  /** Folders of the built bundles; a missing one is said, not served. */
  bundles: { widget: string; console: string };
  /** Is there a demo page? */
  demo: boolean;
  /** Tests: each answer is held against its schema. */
  checkAnswers: boolean;
}

/** Everything that the routes need; app.ts puts it together. */
export interface HttpDeps {
  pool: Pool;
  ledger: Ledger;
  directory: Directory;
  line: Pick<Line, 'view' | 'fresh'>;
  signals: Signals;
  auth: Auth;
  kinds: Kinds;
  replies: Pick<BotReplies, 'take'>;
  desks: Pick<Desks, 'get'>;
  circuits: Pick<Circuits, 'health'>;
  ingest: Pick<DeskIngest, 'receive' | 'heard'>;
  links: Pick<Links, 'transcriptOf' | 'inbound'>;
  webhooks: Pick<Webhooks, 'test' | 'resend'>;
  limits: Limits;
  /** Seals the secrets of integrations and webhooks in their rows. */
  seal: Seal;
  settings: HttpSettings;
  now: () => Millis;
  newId: NewId;
  log: Log;
  nodes: Pick<Nodes, 'stats'>;
  /** Open sockets and streams of this node; left out: it has none. */
  connections?: () => { visitor: number; staff: number; streams: number };
  /** Aborted when this server is about to stop: it asks for no more work. */
  draining?: AbortSignal;
  /** Tells when a conversation has something new; returns the way out. */
  follow(conversation: ConversationId, news: () => void): () => void;
}
