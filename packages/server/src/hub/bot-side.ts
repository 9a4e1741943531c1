import type { Conversation, IntegrationId } from '@baton/core';
import type { Bot, BotAnswer, BotTurn, ReplyAddress } from '#ports/bot.ts';
import { AdapterFailure } from '#ports/failure.ts';
import type { World } from '#ports/world.ts';
import { eventsAfter, PAGE } from '#store/conversations.ts';
import { advance, finish, giveBack, type Lease, retryLater } from '#store/cursors.ts';
import { answering, commandsOf } from './bot-actions.ts';
import { type Asked, asks, botTurn, type TurnDeps } from './bot-turns.ts';
import type { Ledger } from './ledger.ts';
import type { Signals } from './signals.ts';

/** One call of a bot. Under the 15 s after which the deadline of the turn speaks anyway. */
const CALL_MS = 12_000;
/** Between two tries at one turn, doubled each time; a bot that names its own time is obeyed up to LONGEST_WAIT_MS. */
const RETRY_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface BotSideDeps extends TurnDeps {
  ledger: Ledger;
  signals: Signals;
  world: World;
  /** The ready adapter of an integration, or null when it is gone or switched off. */
  bot(workspace: Conversation['workspace'], id: IntegrationId): Promise<Bot | null>;
  /** Where a bot that answers later posts (`BotReplies.address`). */
  replyAddress?(workspace: Conversation['workspace'], turn: BotTurn, bot: IntegrationId): ReplyAddress;
}

/** Asks bots for their answers: one cursor, one turn after the other, in the order of the log. */
export function botSide(deps: BotSideDeps): (lease: Lease) => Promise<void> {
  return async (lease) => {
    const id = lease.side.slice('bot:'.length) as IntegrationId;
    let { seq } = lease;
    for (;;) {
      const events = await eventsAfter(deps.pool, lease.conversation, seq);
      for (const logged of events) {
        // Another node may have written it: what is known here must be as new as the event that is looked at.
        const state = await deps.ledger.read(lease.conversation, logged.seq);
        const asked = state && asks(logged, state, id);
        if (state && asked && !(await settle(deps, { ...lease, seq }, state, asked, id))) return;
        seq = logged.seq;
        if (!asked) continue;
        // Taken up by another node, which goes on from here.
        if (!(await advance(deps.pool, lease, seq))) return giveBack(deps.pool, [lease], 0);
        lease.attempts = 0;
      }
      if (events.length < PAGE) return finish(deps.pool, lease, seq);
    }
  };
}

/** Asks until the turn is settled; false when it is to be tried again later and the cursor was given back. */
async function settle(
  deps: BotSideDeps,
  lease: Lease,
  state: Conversation,
  asked: Asked,
  id: IntegrationId,
): Promise<boolean> {
  const { ledger, pool, directory } = deps;
  try {
    const bot = await deps.bot(state.workspace, id);
    if (!bot) throw new AdapterFailure('rejected', 'This bot is not there any more.');
    const turn = await botTurn(deps, state, asked);
    // Control may have gone elsewhere meanwhile: nobody is asked then, or shown as typing.
    const now = await ledger.read(state.id, asked.seq);
    if (now?.control.epoch !== state.control.epoch) return true;
    const answer = await ask(deps, bot, turn, state);
    if (answer.kind === 'actions') {
      for (const command of commandsOf(answering(turn, bot), answer.actions)) {
        const outcome = await ledger.commit(state.id, command);
        if (!outcome.ok) break;
      }
    }
    return true;
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error;
    const tries = directory.rules(state.workspace)?.botTries ?? 1;
    const again = (error.kind === 'retry' || error.kind === 'uncertain') && lease.attempts + 1 < tries;
    deps.world.log.warn(
      { conversation: state.id, bot: id, kind: error.kind, try: lease.attempts + 1, again, reason: error.message },
      'a bot failed at its turn',
    );
    if (again) {
      await retryLater(
        pool,
        lease,
        Math.min(error.retryAfterMs ?? RETRY_MS * 2 ** lease.attempts, LONGEST_WAIT_MS),
        error.message,
      );
      return false;
    }
    const why = error.kind === 'uncertain' ? 'bot_timeout' : 'bot_error';
    const turn = state.turns[0]?.seq;
    if (turn !== undefined)
      await ledger.commit(state.id, {
        type: 'bot-failed',
        turn,
        epoch: state.control.epoch,
        why,
        detail: error.message,
      });
    return true;
  }
}

/** The call itself: shown as typing, and ended at once when control goes elsewhere. */
async function ask(deps: BotSideDeps, bot: Bot, turn: BotTurn, state: Conversation): Promise<BotAnswer> {
  const { ledger, signals } = deps;
  const who = { role: 'bot', id: bot.id, name: bot.name } as const;
  const typing = (on: boolean, text?: string) =>
    signals.send({ type: 'typing', conversation: state.id, who, on, ...(text === undefined ? {} : { text }) });
  const lost = new AbortController();
  const unlisten = ledger.onCommitted(({ state: now }) => {
    if (now.id === state.id && now.control.epoch !== state.control.epoch)
      lost.abort(new AdapterFailure('rejected', 'Control went elsewhere.'));
  });
  const timer = setTimeout(
    () => lost.abort(new AdapterFailure('uncertain', `The bot did not answer within ${CALL_MS / 1_000} s.`)),
    CALL_MS,
  );
  const reply = deps.replyAddress?.(state.workspace, turn, bot.id);
  if (turn.message) typing(true);
  try {
    return await Promise.race([
      bot.answer(turn, { signal: lost.signal, progress: (text) => typing(true, text), ...(reply ? { reply } : {}) }),
      aborted(lost.signal),
    ]);
  } catch (error) {
    throw error instanceof AdapterFailure
      ? error
      : new AdapterFailure('rejected', 'The bot failed in an unexpected way.', { cause: error });
  } finally {
    clearTimeout(timer);
    unlisten();
    typing(false);
  }
}

/** A bot that ignores its signal must not hold the turn. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
}
