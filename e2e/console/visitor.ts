import type { ClientFrame, ServerFrame, ServerFrameOf } from '@baton/protocol';
import { Feed } from '@baton/sdk';
import type { Client } from '#bench/server/client.ts';

type Without<T> = T extends { conversation?: unknown } ? Omit<T, 'conversation'> : never;

/** A customer who comes by the widget's socket. */
export class Visitor {
  readonly #feed: Feed;
  readonly #frames: ServerFrame[] = [];
  #looks: (() => void)[] = [];
  #said = 0;
  conversation: `cnv_${string}` | undefined;
  /** As the console calls a customer without a name. */
  readonly name: string;

  private constructor(feed: Feed, id: string) {
    this.#feed = feed;
    this.name = `Visitor ${id.slice(-4).toUpperCase()}`;
    feed.onFrame((frame) => {
      this.#frames.push(frame);
      for (const look of this.#looks) look();
    });
  }

  static async comes(client: Client, siteKey: string): Promise<Visitor> {
    const { token, visitor } = await client.visit({ siteKey, page: { url: `${client.url}/demo`, title: 'Ambleton' } });
    const feed = new Feed({ addresses: { socket: client.socket('/widget/v1/realtime') }, token: () => token });
    const one = new Visitor(feed, visitor.id);
    feed.start();
    await one.until('welcome');
    return one;
  }

  /** Says it, and resolves when it is in the log. */
  async say(text: string): Promise<number> {
    const clientId = `v${++this.#said}`;
    this.#send({ type: 'say', clientId, parts: [{ type: 'text', text }] });
    const ack = await this.until('ack', (frame) => frame.clientId === clientId);
    this.conversation ??= ack.conversation;
    return ack.seq ?? 0;
  }

  types(): void {
    this.#send({ type: 'typing', on: true });
  }

  reads(seq: number): void {
    this.#send({ type: 'read', seq });
  }

  /** The first frame of this type, come or to come, that is right. */
  until<T extends ServerFrame['type']>(
    type: T,
    is: (frame: ServerFrameOf<T>) => boolean = () => true,
  ): Promise<ServerFrameOf<T>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The visitor waited in vain for ${type}.`)), 30_000);
      const look = () => {
        const found = this.#frames.find(
          (frame): frame is ServerFrameOf<T> => frame.type === type && is(frame as ServerFrameOf<T>),
        );
        if (!found) return;
        clearTimeout(timer);
        this.#looks = this.#looks.filter((one) => one !== look);
        resolve(found);
      };
      this.#looks.push(look);
      look();
    });
  }

  /** Somebody's words reach him. */
  async hears(text: string): Promise<number> {
    const { seq } = await this.until(
      'event',
      ({ event }) =>
        event.type === 'message' &&
        event.message.parts.some((part) => part.type === 'text' && part.text.includes(text)),
    );
    return seq;
  }

  /** The bot has said something. */
  async answered(): Promise<void> {
    await this.until('event', ({ event }) => event.type === 'message' && event.message.author.role === 'bot');
  }

  /** Texts of all messages that he has, in their order. */
  texts(): string[] {
    return this.#frames.flatMap((frame) =>
      frame.type === 'event' && frame.event.type === 'message'
        ? frame.event.message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
        : [],
    );
  }

  leaves(): void {
    this.#feed.stop();
  }

  #send(frame: Without<ClientFrame>): void {
    this.#feed.send({ ...frame, ...(this.conversation && { conversation: this.conversation }) } as ClientFrame);
  }
}
