import type { ConversationId, WorkspaceId } from '@baton/core';
import type { Pool } from 'pg';
import type { Directory } from '#hub/directory.ts';
import type { Ledger } from '#hub/ledger.ts';
import type { Line } from '#hub/line.ts';
import type { Signals } from '#hub/signals.ts';
import type { Bus } from '#ports/bus.ts';
import type { Log } from '#ports/world.ts';
import { Bulletin } from './bulletin.ts';
import { CatchUp, type Follower } from './catch-up.ts';
import { type Notice, unpack } from './notice.ts';
import { Peers } from './peers.ts';
import { stirOf, type Telling } from './telling.ts';

export interface NodeTimings {
  /** How often the log is looked at without a notice while all nodes hear each other: for a notice that was lost. */
  compareMs: number;
  /** The same while one of them does not. */
  cutMs: number;
}

export const NODE_TIMINGS: NodeTimings = { compareMs: 5_000, cutMs: 500 };

/** Something of a conversation, for those who do not read it (yet). */
export interface Told {
  workspace: WorkspaceId;
  conversation: ConversationId;
  seq: number;
  tellings: readonly Telling[];
  lists: boolean;
}

/**
 * This node among the others. What one writes, the others hear of: after the commit, and only that it is there. Who was
 * deaf for a while, or whose own write ended in doubt, looks at the log itself. So a lost notice costs a moment, never
 * a message, and a node whose bus is cut goes on working.
 */
export class Nodes {
  readonly #deps: Deps;
  readonly #timings: NodeTimings;
  readonly #bulletin: Bulletin | null;
  readonly #peers: Peers;
  readonly #toldListeners = new Set<(told: Told) => void>();
  readonly #missed = new Set<(likely: boolean) => void>();
  readonly #written = new Set<(conversation: ConversationId) => void>();
  readonly #catchUp: CatchUp;
  #follower: Follower = NOBODY;
  #timer: NodeJS.Timeout | undefined;
  /** When the next look is due (performance.now). */
  #due = Number.POSITIVE_INFINITY;
  /** Something may be in the log of which this node does not know. */
  #doubt = false;
  #looking = false;
  #stopped = false;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#timings = { ...NODE_TIMINGS, ...deps.timings };
    const { pool, ledger, bus, node, log } = deps;
    this.#catchUp = new CatchUp({
      pool,
      log,
      follower: () => this.#follower,
      learn: (conversation, events) => ledger.learn(conversation, events),
    });
    this.#peers = new Peers({
      pool,
      node,
      log,
      keyCheck: deps.keyCheck,
      alone: bus === null,
      hears: () => bus?.up ?? true,
      changed: () => this.#changed(),
    });
    this.#bulletin = bus ? new Bulletin({ bus, node, wanted: () => this.peers > 0 }) : null;
    this.#listen();
  }

  /** Other nodes on this database. */
  get peers(): number {
    return this.#peers.count;
  }

  get stats(): { peers: number; hears: boolean } & CatchUp['stats'] {
    return { peers: this.peers, hears: this.#deps.bus?.up ?? false, ...this.#catchUp.stats };
  }

  /** Who reads conversations on this node, and is given what others write in them. */
  serve(follower: Follower): void {
    this.#follower = follower;
  }

  /** Called whenever something was written to a conversation, by whichever node. Must be quick and must not throw. */
  onWritten(listener: (conversation: ConversationId) => void): void {
    this.#written.add(listener);
  }

  /** Called for commits of this node and of others. Must be quick and must not throw. */
  onTold(listener: (told: Told) => void): void {
    this.#toldListeners.add(listener);
  }

  /** Called when something may have been missed: whoever needs it looks himself. `likely`: somebody was deaf, or a write ended in doubt. */
  onMissed(listener: (likely: boolean) => void): void {
    this.#missed.add(listener);
  }

  async start(): Promise<void> {
    this.#deps.bus?.open({
      heard: (text) => this.#heard(text),
      // What was said in between is lost.
      changed: () => this.doubt(),
    });
    await this.#peers.start();
    this.#plan();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#catchUp.stop();
    await this.#peers.stop();
    await this.#deps.bus?.close();
  }

  #listen(): void {
    const { ledger, line, directory, signals } = this.#deps;
    ledger.onCommitted((committed) => {
      const { id: conversation, workspace, seq } = committed.state;
      const stir = stirOf(committed);
      const { tellings, lists } = stir;
      for (const listener of this.#written) listener(conversation);
      if (lists || tellings.length > 0) this.#tell({ workspace, conversation, seq, tellings, lists });
      if (this.peers > 0) this.#bulletin?.committed(committed, stir);
    });
    ledger.onDoubt(() => this.doubt());
    line.onChanged((workspace) => this.#bulletin?.say({ type: 'line', workspace }));
    directory.onChanged((workspace) => this.#bulletin?.say({ type: 'configured', workspace }));
    signals.on((signal, own) => {
      if (own) this.#bulletin?.signal(signal);
    });
  }

  #heard(text: string): void {
    let notices: Notice[] | null;
    try {
      notices = unpack(this.#deps.node, text);
    } catch (error) {
      this.#deps.log.warn({ error }, 'a notice of another node cannot be read; are all nodes of one version?');
      return;
    }
    for (const notice of notices ?? []) this.#take(notice);
  }

  #take(notice: Notice): void {
    const { ledger, line, directory, signals } = this.#deps;
    switch (notice.type) {
      case 'head': {
        const { conversation, seq, lists: workspace } = notice;
        // Where it is read, the state goes along with the events, and need not be loaded.
        if (!this.#catchUp.behind(conversation, seq, notice.events)) ledger.forget(conversation, seq);
        for (const listener of this.#written) listener(conversation);
        if (workspace) this.#tell({ workspace, conversation, seq, tellings: [], lists: true });
        return;
      }
      case 'told':
        return this.#tell({ ...notice, lists: false });
      case 'line':
        return line.look(notice.workspace);
      case 'configured':
        return directory.look(notice.workspace);
      case 'signal':
        return signals.pass(notice.signal);
      case 'here':
        return void this.#peers.look();
    }
  }

  #tell(told: Told): void {
    for (const listener of this.#toldListeners) listener(told);
  }

  /** The bus came or went, a write ended in doubt, or somebody could not be told something: it is looked up. */
  doubt(): void {
    this.#doubt = true;
    if (this.#deps.bus?.up) this.#bulletin?.say({ type: 'here' });
    void this.#peers.look();
    this.#changed();
  }

  #changed(): void {
    if (this.#stopped) return;
    this.#deps.ledger.believe(this.#allHear(), this.peers === 0);
    this.#plan();
  }

  /** Alone, or all hear each other. */
  #allHear(): boolean {
    return this.peers === 0 || (this.#deps.bus?.up === true && this.#peers.hear);
  }

  /** Looks at the log by itself: soon after a doubt, often while somebody is deaf, now and then while there are others, else never. */
  #plan(): void {
    // Who is looking plans the next look himself: one that began before a doubt does not answer it.
    if (this.#stopped || this.#looking) return;
    const deaf = !this.#allHear();
    if (!deaf && !this.#doubt && this.peers === 0) return;
    const wait = deaf || this.#doubt ? this.#timings.cutMs : this.#timings.compareMs;
    const due = performance.now() + wait;
    // A new doubt does not put off the look that an older one waits for.
    if (this.#due <= due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }

  async #look(): Promise<void> {
    const doubted = this.#doubt || !this.#allHear();
    this.#due = Number.POSITIVE_INFINITY;
    this.#doubt = false;
    this.#looking = true;
    const looked = await this.#catchUp.compare();
    this.#looking = false;
    // Not looked: the doubt stays until the database is back.
    if (!looked) this.#doubt ||= doubted;
    else for (const listener of this.#missed) listener(doubted);
    this.#plan();
  }
}

const NOBODY: Follower = { wants: () => null, heads: () => [], take: () => undefined };

interface Deps {
  pool: Pool;
  ledger: Pick<Ledger, 'onCommitted' | 'onDoubt' | 'learn' | 'forget' | 'believe'>;
  line: Pick<Line, 'onChanged' | 'look'>;
  directory: Pick<Directory, 'onChanged' | 'look'>;
  signals: Signals;
  /** Null: no other node can be there. */
  bus: Bus | null;
  node: string;
  /** The same on every node that has the same SECRET_KEY. */
  keyCheck: string;
  log: Log;
  timings?: Partial<NodeTimings>;
}
