import type { AgentRef, EventItem, Message } from '@baton/protocol';

/**
 * What the log tells a customer, as the widget shows it. Made anew from the whole log whenever the log grows: a
 * conversation has some hundred events, and a fold that is always from the start has no way to drift.
 */
export interface Story {
  lines: readonly Line[];
  status: 'none' | 'open' | 'closed';
  /** `unknown`: the page of the log that is here says nothing about it. */
  holder: 'bot' | 'queue' | 'agent' | 'nobody' | 'unknown';
  /** He goes on with the bot while he keeps his place in the line. */
  withBot: boolean;
  /** Who answers, while a person does. */
  agent: AgentRef | null;
  onHold: boolean;
  /** The score given for this ending; null while none is given. */
  rating: number | null;
  /** The seq of the message whose choices or form may still be used; 0 for none. */
  askingSeq: number;
}

export type Line = MessageLine | NoticeLine;

export interface MessageLine {
  kind: 'message';
  seq: number;
  at: string;
  message: Message;
  /** What the customer picked from its choices, once he did. */
  picked?: string;
}

export interface NoticeLine {
  kind: 'notice';
  seq: number;
  at: string;
  notice: Notice;
}

/** What happened, in words of the widget. Baton's own sentences come as messages of role `system`. */
export type Notice =
  | { type: 'joined' | 'left' | 'returned' | 'held' | 'resumed'; name: string }
  | { type: 'transferred'; name: string | null }
  | { type: 'closed' | 'reopened' };

export const NO_STORY: Story = {
  lines: [],
  status: 'none',
  holder: 'unknown',
  withBot: false,
  agent: null,
  onHold: false,
  rating: null,
  askingSeq: 0,
};

export function tellStory(log: readonly EventItem[]): Story {
  const draft = new Telling();
  for (const item of log) draft.take(item);
  return draft.story();
}

class Telling {
  readonly #lines: Line[] = [];
  readonly #messages = new Map<string, number>();
  readonly #story: Story = { ...NO_STORY };
  /** The newest message that asks something: its place in the lines. */
  #asking: number | null = null;
  /** An agent who leaves in the same breath as something that says so better is not told of. */
  #saidAt = '';

  story(): Story {
    const asking = this.#asking === null ? undefined : this.#lines[this.#asking];
    return { ...this.#story, lines: this.#lines, askingSeq: this.#story.status === 'open' && asking ? asking.seq : 0 };
  }

  take({ seq, at, event }: EventItem): void {
    const story = this.#story;
    switch (event.type) {
      case 'conversation.opened':
        story.status = 'open';
        story.holder = event.bot ? 'bot' : 'nobody';
        return;
      case 'message':
        return this.#message(seq, at, event.message);
      case 'message.edited':
        return this.#change(event.message, (message) => ({ ...message, parts: event.parts, edited: true }));
      case 'message.redacted':
        return this.#change(event.message, (message) => ({ ...message, parts: [], redacted: true }));
      case 'control.changed':
        story.holder = event.to.holder;
        // Who asked does not answer any more.
        this.#asking = null;
        if (event.to.holder !== 'agent') this.#alone();
        else if (event.to.agent) story.agent = event.to.agent;
        return;
      case 'participant.joined':
        story.agent = event.agent;
        story.holder = 'agent';
        return this.#notice(seq, at, { type: 'joined', name: event.agent.name });
      case 'participant.left':
        if (story.agent?.id === event.agent.id) this.#alone();
        if (at !== this.#saidAt) this.#notice(seq, at, { type: 'left', name: event.agent.name });
        return;
      case 'handoff.queued':
        story.withBot = false;
        this.#saidAt = at;
        return;
      case 'handoff.meanwhile':
        story.withBot = event.meanwhile === 'with_bot';
        return;
      case 'handoff.accepted':
        story.withBot = false;
        return;
      case 'handoff.held':
      case 'handoff.resumed':
        story.onHold = event.type === 'handoff.held';
        return this.#notice(seq, at, { type: story.onHold ? 'held' : 'resumed', name: event.agent.name });
      case 'handoff.transferred':
        this.#saidAt = at;
        return this.#notice(seq, at, { type: 'transferred', name: event.to.agent?.name ?? null });
      case 'handoff.ended':
        story.withBot = false;
        if (event.outcome !== 'returned_to_bot' || !story.agent) return;
        this.#saidAt = at;
        return this.#notice(seq, at, { type: 'returned', name: story.agent.name });
      case 'rating.given':
        story.rating = event.score;
        return;
      case 'conversation.closed':
        return this.#closed(seq, at);
      case 'conversation.reopened':
        story.status = 'open';
        story.rating = null;
        return this.#notice(seq, at, { type: 'reopened' });
      default:
        // Of no interest to a customer, or newer than this widget.
        return;
    }
  }

  #message(seq: number, at: string, message: Message): void {
    const { story, picked } = { story: this.#story, picked: choiceOf(message) };
    // A page of a log may begin in the middle.
    if (story.status === 'none') story.status = 'open';
    if (message.author.role === 'agent' && story.holder === 'unknown')
      story.agent = { id: message.author.id, name: message.author.name ?? '' };
    if (message.author.role === 'customer') {
      const asked = this.#asking === null ? undefined : this.#lines[this.#asking];
      if (asked?.kind === 'message' && picked !== undefined) this.#lines[this.#asking ?? 0] = { ...asked, picked };
      this.#asking = null;
    }
    this.#messages.set(message.id, this.#lines.length);
    if (message.parts.some((part) => part.type === 'choices' || part.type === 'form'))
      this.#asking = this.#lines.length;
    this.#lines.push({ kind: 'message', seq, at, message });
  }

  #change(id: string, change: (message: Message) => Message): void {
    const place = this.#messages.get(id);
    const line = place === undefined ? undefined : this.#lines[place];
    if (place !== undefined && line?.kind === 'message')
      this.#lines[place] = { ...line, message: change(line.message) };
  }

  #closed(seq: number, at: string): void {
    this.#story.status = 'closed';
    this.#story.holder = 'nobody';
    this.#alone();
    const last = this.#lines.at(-1);
    if (last?.kind === 'notice' && last.notice.type === 'left' && last.at === at) this.#lines.pop();
    this.#notice(seq, at, { type: 'closed' });
  }

  #alone(): void {
    this.#story.agent = null;
    this.#story.onHold = false;
  }

  #notice(seq: number, at: string, notice: Notice): void {
    this.#lines.push({ kind: 'notice', seq, at, notice });
  }
}

/** The choice that a message picks. */
export function choiceOf(message: Pick<Message, 'parts'>): string | undefined {
  for (const part of message.parts) if (part.type === 'text' && part.choice !== undefined) return part.choice;
  return undefined;
}
