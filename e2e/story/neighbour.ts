import type { ServerFrame, WidgetSessionInput } from '@baton/protocol';
import { Feed } from '@baton/sdk';
import type { Client } from '#bench/server/client.ts';

/** Another customer, who comes by the widget's socket: somebody has to be ahead in the line. */
export class Neighbour {
  readonly #feed: Feed;
  readonly #frames: ServerFrame[] = [];
  #looks: (() => void)[] = [];
  conversation = '';

  private constructor(feed: Feed) {
    this.#feed = feed;
    feed.onFrame((frame) => {
      this.#frames.push(frame);
      for (const look of this.#looks) look();
    });
  }

  /** Comes to the site, says this, and is in the line when it resolves. */
  static async inLine(client: Client, visit: WidgetSessionInput, text: string): Promise<Neighbour> {
    const { token } = await client.visit(visit);
    const feed = new Feed({ addresses: { socket: client.socket('/widget/v1/realtime') }, token: () => token });
    const neighbour = new Neighbour(feed);
    feed.start();
    await neighbour.#until((frame) => frame.type === 'welcome');
    feed.send({ type: 'say', clientId: 'n-1', parts: [{ type: 'text', text }] });
    const ack = await neighbour.#until((frame) => frame.type === 'ack');
    neighbour.conversation = ack.type === 'ack' ? (ack.conversation ?? '') : '';
    await neighbour.#until((frame) => frame.type === 'queue');
    return neighbour;
  }

  /** Leaves the line and the site. */
  async leave(): Promise<void> {
    this.#feed.send({ type: 'cancel', id: 'n-2', conversation: this.conversation as `cnv_${string}` });
    await this.#until((frame) => frame.type === 'ack' && frame.id === 'n-2');
    this.#feed.stop();
  }

  gone(): void {
    this.#feed.stop();
  }

  #until(is: (frame: ServerFrame) => boolean): Promise<ServerFrame> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The neighbour waited in vain.')), 30_000);
      const look = () => {
        const found = this.#frames.find(is);
        if (!found) return;
        clearTimeout(timer);
        this.#looks = this.#looks.filter((one) => one !== look);
        resolve(found);
      };
      this.#looks.push(look);
      look();
    });
  }
}
