import type { ServerFrame, ServerFrameOf } from '@baton/protocol';
import type { FeedOptions } from '@baton/sdk';
import { WebSocket } from 'ws';

export type ConversationId = ServerFrameOf<'event'>['conversation'];

type SocketConstructor = NonNullable<FeedOptions['WebSocket']>;
type SocketLike = InstanceType<SocketConstructor>;

/** Hears every frame as it comes down the wire, before the feed drops what comes twice. */
export interface Tap {
  /** A hello was sent: a connection begins. `since` as in the frame. */
  hello(since: Readonly<Record<string, number>>): void;
  frame(frame: ServerFrame): void;
}

/** Sockets of one player that can be listened to, and cut as a lost network cuts them. */
export class Wire {
  readonly Socket: SocketConstructor;
  #open: WebSocket | null = null;

  constructor(tap: Tap, headers: Readonly<Record<string, string>> = {}) {
    const opened = (socket: WebSocket) => {
      this.#open = socket;
    };
    this.Socket = class implements SocketLike {
      onopen: SocketLike['onopen'] = null;
      onmessage: SocketLike['onmessage'] = null;
      onclose: SocketLike['onclose'] = null;
      onerror: SocketLike['onerror'] = null;
      readonly #socket: WebSocket;
      #left = false;

      constructor(url: string) {
        this.#socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false });
        opened(this.#socket);
        this.#socket.on('open', () => this.onopen?.({} as never));
        this.#socket.on('close', (code) => this.onclose?.({ code } as never));
        this.#socket.on('error', () => this.onerror?.({} as never));
        this.#socket.on('message', (data) => {
          // A server that was stopped for a while goes on sending to whoever has left it: nobody hears that.
          if (this.#left) return;
          const text = String(data);
          tap.frame(JSON.parse(text) as ServerFrame);
          this.onmessage?.({ data: text } as never);
        });
      }

      send(text: string): void {
        if (this.#socket.readyState !== WebSocket.OPEN) return;
        if (text.startsWith('{"type":"hello"'))
          tap.hello((JSON.parse(text) as { since?: Record<string, number> }).since ?? {});
        this.#socket.send(text);
      }

      close(code?: number): void {
        this.#left = true;
        this.#socket.close(code);
      }
    };
  }

  /** Both directions end at once, without goodbye; what was under way may have arrived or not. False when none is open. */
  cut(): boolean {
    if (this.#open?.readyState !== WebSocket.OPEN) return false;
    this.#open.terminate();
    return true;
  }
}
