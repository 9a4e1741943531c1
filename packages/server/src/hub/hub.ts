import { randomUUID } from 'node:crypto';
import type { Conversation, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { QueueOutlook } from '#ports/bot.ts';
import type { World } from '#ports/world.ts';
import { BotReplies } from './bot-replies.ts';
import { botSide } from './bot-side.ts';
import { Bots, type MakeBot } from './bots.ts';
import { CursorWorker } from './cursor-worker.ts';
import { Deadlines } from './deadlines.ts';
import { Directory } from './directory.ts';
import { Dispatch } from './dispatch.ts';
import { Ledger } from './ledger.ts';
import { Line, type LineTimings } from './line.ts';
import { Presence, type PresenceTimings } from './presence.ts';
import { ReadMarks } from './read-marks.ts';
import { Signals } from './signals.ts';

export interface HubDeps {
  pool: Pool;
  world: World;
  makeBot: MakeBot;
  /** Where bots that answer later post: SECRET_KEY signs their tokens. */
  replies: { secret: string; publicUrl: () => string };
  timings?: { line?: Partial<LineTimings>; presence?: Partial<PresenceTimings> };
}

/** All that moves messages between the sides, put together. `start` sets it going, `stop` ends it in order. */
export interface Hub {
  directory: Directory;
  ledger: Ledger;
  line: Line;
  presence: Presence;
  signals: Signals;
  reads: ReadMarks;
  bots: Bots;
  replies: BotReplies;
  start(): void;
  stop(): Promise<void>;
}

export function assembleHub({ pool, world, makeBot, replies: listening, timings = {} }: HubDeps): Hub {
  const directory = new Directory({ pool, now: world.now });
  const ledger = new Ledger({ pool, world, directory });
  const signals = new Signals();
  const line = new Line({ pool, world, directory, ledger, ...(timings.line ? { timings: timings.line } : {}) });
  const dispatch = new Dispatch({ pool, world, ledger, line });
  // Customers of our widget are connected to us, so we see them leave; others are not.
  const isDirect = (state: Conversation) => directory.integration(state.workspace, state.channel)?.kind === 'widget';
  const presence = new Presence({
    pool,
    world,
    ledger,
    line,
    signals,
    isDirect,
    node: randomUUID(),
    ...(timings.presence ? { timings: timings.presence } : {}),
  });
  const reads = new ReadMarks({ pool, signals, log: world.log });
  const bots = new Bots({ directory, make: makeBot });
  const deadlines = new Deadlines({ pool, ledger, directory, world });
  const bot = (workspace: WorkspaceId, id: Parameters<Bots['get']>[1]) => bots.get(workspace, id);
  const outlooks = (workspace: WorkspaceId) => queueOutlooks({ line, directory }, workspace);
  const replies = new BotReplies({
    ledger,
    directory,
    signals,
    bot,
    now: world.now,
    secret: listening.secret,
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
  const botCursors = new CursorWorker({ pool, world, ledger, side: 'bot:', work: turns });
  return {
    directory,
    ledger,
    line,
    presence,
    signals,
    reads,
    bots,
    replies,
    start() {
      line.start();
      presence.start();
      deadlines.start();
      botCursors.start();
    },
    // First what makes work, then what does it, last what writes it down.
    async stop() {
      await deadlines.stop();
      await botCursors.stop();
      await dispatch.stop();
      await presence.stop();
      await line.stop();
      await reads.stop();
      await ledger.settled();
    },
  };
}

/** What a bot may promise, for each queue. */
async function queueOutlooks(
  { line, directory }: Pick<Hub, 'line' | 'directory'>,
  workspace: WorkspaceId,
): Promise<QueueOutlook[]> {
  const view = await line.view(workspace);
  return directory.queues(workspace).map(({ id, name }) => {
    const { state, agentsOnline, waiting, estimate } = view.availability(id);
    return { queue: id, name, state, agentsOnline, waiting, estimate };
  });
}
