import { createHash } from 'node:crypto';
import type { Command, Conversation, ConversationId, IntegrationId, Millis, WorkspaceId } from '@baton/core';
import type { Bot, BotAction, BotTurn, ReplyAddress } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';
import { type Answering, commandsOf, turnId } from './bot-actions.ts';
import { seal, unseal } from './claims.ts';
import type { Directory } from './directory.ts';
import type { Ledger } from './ledger.ts';
import type { Signals } from './signals.ts';

/** How long a bot may take. Long before that its silence has become a `bot_timeout`; a later answer still counts while it holds control. */
const TOKEN_MS = 3_600_000;
const PURPOSE = 'bot-reply';

/** What a token stands for: one turn of one bot. */
interface Claim {
  workspace: WorkspaceId;
  bot: IntegrationId;
  conversation: ConversationId;
  seq: number;
  epoch: number;
  message: number | null;
  expires: Millis;
}

export interface BotRepliesDeps {
  ledger: Pick<Ledger, 'commit' | 'read'>;
  /** SECRET_KEY: signs the tokens. */
  secret: string;
  /** Earlier ones: what they signed still counts. */
  secretsBefore?: readonly string[];
  /** How the world reaches this server, without a slash at the end. */
  publicUrl: string;
  now(): Millis;
  /** The ready adapter of an integration, or null when it is gone or switched off. */
  bot(workspace: WorkspaceId, id: IntegrationId): Promise<Bot | null>;
  directory: Pick<Directory, 'load' | 'queues'>;
  /** Shows that the bot is at work. */
  signals: Pick<Signals, 'send'>;
}

/** A later answer as it came in. The token says who is asking and which turn is answered. */
export interface Reply {
  token: string;
  actions: unknown;
  /** The `Idempotency-Key` header. Without one, the same actions are the same post. */
  key?: string;
}

/** `seq` of the last event that the reply caused, now or the first time; null when nothing was to be done. */
export type ReplyOutcome =
  | { ok: true; seq: number | null }
  | { ok: false; code: 'token_invalid' | 'invalid' | 'control_lost' | 'closed'; message: string };

/** Where bots that answer later post, and what becomes of it. */
export class BotReplies {
  readonly #deps: BotRepliesDeps;

  constructor(deps: BotRepliesDeps) {
    this.#deps = deps;
  }

  /** For `BotCall.reply`: an address and a token that is good for this turn alone. */
  address(workspace: WorkspaceId, turn: BotTurn, bot: IntegrationId): ReplyAddress {
    const { conversation, seq, message } = turn;
    const claim: Claim = {
      workspace,
      bot,
      conversation: conversation.id,
      seq,
      epoch: conversation.epoch,
      message: message?.seq ?? null,
      expires: this.#deps.now() + TOKEN_MS,
    };
    return { url: `${this.#deps.publicUrl}/v1/bots/replies`, token: seal(PURPOSE, claim, this.#deps.secret) };
  }

  /** Does what a later answer asks for, unless control has moved on. The same post again changes nothing. Throws `Unavailable`. */
  async take({ token, actions, key }: Reply): Promise<ReplyOutcome> {
    const { ledger, directory, signals, secret, secretsBefore = [], now } = this.#deps;
    const claim = unseal<Claim>(PURPOSE, token, [secret, ...secretsBefore]);
    if (!claim || claim.expires < now())
      return refused(
        'token_invalid',
        'This reply token is not one of ours, or its time is over. Use the one that came with the turn.',
      );
    await directory.load([claim.workspace]);
    const [bot, state] = await Promise.all([
      this.#deps.bot(claim.workspace, claim.bot),
      ledger.read(claim.conversation, claim.message ?? claim.seq),
    ]);
    if (!bot?.read || !state)
      return refused('token_invalid', 'The bot or the conversation of this reply token is gone.');

    let wanted: BotAction[];
    try {
      wanted = bot.read(actions);
    } catch (error) {
      if (error instanceof AdapterFailure) return refused('invalid', error.message);
      throw error;
    }
    const to: Answering = {
      conversation: claim.conversation,
      seq: claim.seq,
      epoch: claim.epoch,
      message: claim.message === null ? null : { seq: claim.message },
      bot,
      queues: directory.queues(claim.workspace),
      post: key ?? digest(actions),
    };
    const commands = commandsOf(to, wanted);
    if (!isRepeat(state, commands)) {
      const why = whyNot(state, claim);
      if (why) return why;
      if (commands.length === 0) {
        const who = { role: 'bot', id: bot.id, name: bot.name } as const;
        signals.send({ type: 'typing', conversation: claim.conversation, who, on: true });
      }
    }
    return this.#commit(claim.conversation, commands);
  }

  async #commit(conversation: ConversationId, commands: readonly Command[]): Promise<ReplyOutcome> {
    let seq: number | null = null;
    for (const command of commands) {
      const outcome = await this.#deps.ledger.commit(conversation, command);
      if (outcome.ok) {
        seq = outcome.seq;
        continue;
      }
      const { code, message } = outcome.refusal;
      return refused(code === 'control_lost' || code === 'closed' ? code : 'invalid', message);
    }
    return { ok: true, seq };
  }
}

/** Was this very post taken before? Then its own handoff may be why control has moved on, and it gets its first answer. */
function isRepeat(state: Conversation, commands: readonly Command[]): boolean {
  const first = commands[0]?.key;
  return first !== undefined && state.keys.some(([key]) => key === first);
}

/** Each command is refused under an old epoch; seen here first, nothing is done at all and `typing` is not shown. */
function whyNot(state: Conversation, claim: Claim): ReplyOutcome | null {
  if (state.status === 'closed') return refused('closed', 'This conversation is closed.');
  const { control } = state;
  if (control.holder === 'bot' && control.bot === claim.bot && control.epoch === claim.epoch) return null;
  return refused(
    'control_lost',
    `Somebody else answers now; turn ${turnId(claim.conversation, claim.seq, claim.epoch)} is over.`,
  );
}

function refused(code: Exclude<ReplyOutcome, { ok: true }>['code'], message: string): ReplyOutcome {
  return { ok: false, code, message };
}

function digest(actions: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(actions) ?? '')
    .digest('base64url')
    .slice(0, 22);
}
