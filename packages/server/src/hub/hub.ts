import { randomUUID } from 'node:crypto';
import { type Conversation, type ConversationId, primaryTag, type WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import { ConfigProblem } from '#ports/adapter.ts';
import type { Bus } from '#ports/bus.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { Files } from '#ports/files.ts';
import type { Mailer } from '#ports/mailer.ts';
import type { World } from '#ports/world.ts';
import { workspaceOf } from '#store/conversations.ts';
import type { Lease } from '#store/cursors.ts';
import type { Seal } from '#store/sealed.ts';
import { BotReplies } from './bot-replies.ts';
import { botSide } from './bot-side.ts';
import { Bots, type MakeBot } from './bots.ts';
import { bringFile } from './bring-file.ts';
import { Circuits } from './circuits.ts';
import { CursorWorker } from './cursor-worker.ts';
import { Deadlines } from './deadlines.ts';
import { deskAgain } from './desk-again.ts';
import { DeskAvailability } from './desk-availability.ts';
import { DeskIngest } from './desk-ingest.ts';
import { deskPoll } from './desk-poll.ts';
import { deskSide } from './desk-side.ts';
import { DeskSignals } from './desk-signals.ts';
import { Desks, type MakeDesk } from './desks.ts';
import { Directory } from './directory.ts';
import { Dispatch } from './dispatch.ts';
import { Ledger } from './ledger.ts';
import { Line } from './line.ts';
import { Links } from './links.ts';
import { mailSide } from './mail-side.ts';
import { News } from './news.ts';
import { Nodes, type NodeTimings } from './nodes/nodes.ts';
import { Presence, type PresenceTimings } from './presence.ts';
import { queueOutlooks } from './queue-outlooks.ts';
import { ReadMarks } from './read-marks.ts';
import { type AskHook, RoutingHooks } from './routing-hooks.ts';
import { ShownEstimates } from './shown-estimates.ts';
import { Signals } from './signals.ts';
import type { LineTimings } from './watched-line.ts';
import { webhookSide } from './webhook-side.ts';
import { Webhooks, type WebhooksDeps } from './webhooks.ts';

export interface HubDeps {
  pool: Pool;
  world: World;
  makeBot: MakeBot;
  /** Opens the secrets of integrations and webhooks; left out: there are none. */
  seal?: Seal;
  /** How endpoints are told of events; left out: none is. */
  webhooks?: Pick<WebhooksDeps, 'present' | 'post'> & { ask?: AskHook };
  /** Left out: this hub knows no desk but our console. */
  outside?: OutsideDesks;
  /** How the world reaches this server, and SECRET_KEY, which signs what it is told: tokens of later answers, links. */
  replies: { secret: string; secretsBefore?: readonly string[]; publicUrl: () => string };
  /** Sends letters to customers who have left the window; left out: none are sent. */
  mailer?: Mailer | undefined;
  /** How the nodes of this database tell each other; left out: this one is alone. `keyCheck`: the same where SECRET_KEY is. */
  others?: { bus: Bus; keyCheck: string };
  timings?: { line?: Partial<LineTimings>; presence?: Partial<PresenceTimings>; nodes?: Partial<NodeTimings> };
}

/** What outside desks need of the rest. */
export interface OutsideDesks {
  makeDesk: MakeDesk;
  files: Files;
}

/** All that moves messages between the sides, put together. `start` sets it going, `stop` ends it in order. */
export interface Hub {
  directory: Directory;
  ledger: Ledger;
  nodes: Nodes;
  news: News;
  line: Line;
  presence: Presence;
  signals: Signals;
  reads: ReadMarks;
  shown: ShownEstimates;
  bots: Bots;
  desks: Desks;
  circuits: Circuits;
  ingest: DeskIngest;
  links: Links;
  replies: BotReplies;
  webhooks: Webhooks;
  start(): void;
  stop(): Promise<void>;
}

export function assembleHub({
  pool,
  world,
  makeBot,
  seal,
  outside = NO_DESKS,
  webhooks,
  replies: listening,
  mailer,
  others,
  timings = {},
}: HubDeps): Hub {
  const directory = new Directory({ pool, now: world.now, ...(seal ? { seal } : {}) });
  const ledger = new Ledger({ pool, world, directory });
  const signals = new Signals();
  const desks = new Desks({ pool, directory, make: outside.makeDesk });
  const circuits = new Circuits(world.now);
  const elsewhere = new DeskAvailability({ directory, desks, circuits, world });
  const line = new Line({
    pool,
    world,
    directory,
    ledger,
    outside: (workspace, queue) => elsewhere.of(workspace, queue),
    ...(timings.line ? { timings: timings.line } : {}),
  });
  const hooks = webhooks?.ask && new RoutingHooks({ directory, world, ask: webhooks.ask });
  const dispatch = new Dispatch({ pool, world, ledger, line, ...(hooks ? { hooks } : {}) });
  // Customers of our widget are connected to us, so we see them leave; others are not.
  const isDirect = (state: Conversation) => directory.integration(state.workspace, state.channel)?.kind === 'widget';
  const node = randomUUID();
  const nodes = new Nodes({
    pool,
    ledger,
    line,
    directory,
    signals,
    node,
    bus: others?.bus ?? null,
    keyCheck: others?.keyCheck ?? '',
    log: world.log,
    ...(timings.nodes ? { timings: timings.nodes } : {}),
  });
  const presence = new Presence({
    pool,
    world,
    ledger,
    line,
    signals,
    isDirect,
    node,
    ...(timings.presence ? { timings: timings.presence } : {}),
  });
  const shown = new ShownEstimates({ pool, log: world.log });
  const reads = new ReadMarks({ pool, signals, log: world.log });
  const bots = new Bots({ directory, make: makeBot });
  const deadlines = new Deadlines({ pool, ledger, directory, world });
  const bot = (workspace: WorkspaceId, id: Parameters<Bots['get']>[1]) => bots.get(workspace, id);
  const outlooks = async (workspace: WorkspaceId, locale: string | null) =>
    queueOutlooks(await line.view(workspace), directory.queues(workspace), primaryTag(locale));
  const replies = new BotReplies({
    ledger,
    directory,
    signals,
    bot,
    now: world.now,
    secret: listening.secret,
    secretsBefore: listening.secretsBefore ?? [],
    // Known only once the server listens.
    get publicUrl() {
      return listening.publicUrl();
    },
  });
  const turns = botSide({
    pool,
    directory,
    ledger,
    signals,
    world,
    bot,
    outlooks,
    replyAddress: replies.address.bind(replies),
  });
  const worker = (side: string, work: (lease: Lease) => Promise<void>) =>
    new CursorWorker({ pool, world, ledger, node, side, work });
  const { files } = outside;
  const links = new Links({ ...listening, now: world.now });
  const ingest = new DeskIngest({
    pool,
    world,
    ledger,
    desks,
    circuits,
    signals,
    reads,
    keepFile: (...file) => bringFile({ files, world }, ...file),
  });
  const deskSignals = new DeskSignals({ world, ledger, desks, circuits, signals });
  const atDesk = { pool, world, ledger, line, directory, desks, circuits, links };
  const workers = [
    worker('bot:', turns),
    worker('desk:', deskSide({ ...atDesk, ingest })),
    worker('poll:', deskPoll({ ...atDesk, ingest })),
    worker('again:', deskAgain(atDesk)),
  ];
  const endpoints = new Webhooks({ pool, world, directory, circuits, ...(webhooks ?? NO_WEBHOOKS) });
  if (webhooks) {
    const workspace = (conversation: ConversationId) => workspaceOf(pool, conversation);
    const tell = webhookSide({ pool, directory, webhooks: endpoints, workspaceOf: workspace });
    workers.push(worker('webhook:', tell), worker('reply:', tell));
  }
  if (mailer)
    workers.push(worker('mail:', mailSide({ pool, world, ledger, mailer, publicUrl: () => listening.publicUrl() })));
  return {
    directory,
    ledger,
    nodes,
    news: new News(nodes),
    line,
    presence,
    signals,
    reads,
    shown,
    bots,
    desks,
    circuits,
    ingest,
    links,
    replies,
    webhooks: endpoints,
    start() {
      void nodes.start();
      line.start();
      presence.start();
      deadlines.start();
      for (const one of workers) one.start();
      ingest.start();
      deskSignals.start();
    },
    // First what makes work, then what does it, last what writes it down.
    async stop() {
      await deadlines.stop();
      await Promise.all(workers.map((one) => one.stop()));
      await ingest.stop();
      await deskSignals.stop();
      await dispatch.stop();
      await presence.stop();
      await line.stop();
      await reads.stop();
      await shown.stop();
      await ledger.settled();
      // The others hear of the last of it.
      await nodes.stop();
    },
  };
}

const NO_WEBHOOKS: Pick<WebhooksDeps, 'present' | 'post'> = {
  present: () => ({}),
  post: () => Promise.reject(new AdapterFailure('unsupported', 'This server tells no endpoints.')),
};

const NO_DESKS: OutsideDesks = {
  makeDesk: (_workspace, { kind }) => {
    throw new ConfigProblem('this server', [{ field: 'kind', message: `There is no desk of the kind "${kind}".` }]);
  },
  files: { limit: 0, keep: () => Promise.reject(new Error('No files here.')), read: async () => null },
};
