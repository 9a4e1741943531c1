import type { ClientFrame, ServerFrame, ServerFrameOf } from '@baton/protocol';
import { WebSocket } from 'ws';

const PATIENCE_MS = 30_000;

/** One socket to Baton, without the client's own resending and resuming: the server is what is measured. */
export class Wire {
  readonly #socket: WebSocket;
  readonly #patienceMs: number;
  readonly #answers = new Map<string, (frame: ServerFrameOf<'ack' | 'refused' | 'welcome'>) => void>();
  #requests = 0;
  /** Hears every frame that answers no request. */
  onFrame: (frame: ServerFrame) => void = () => undefined;
  /** When set, hears every frame as it comes, and nothing is parsed. */
  onData: ((data: Buffer) => void) | null = null;

  constructor(socket: WebSocket, patienceMs: number) {
    this.#socket = socket;
    this.#patienceMs = patienceMs;
    socket.on('message', (data: Buffer) => {
      if (this.onData) this.onData(data);
      else this.#take(JSON.parse(String(data)) as ServerFrame);
    });
    socket.on('error', () => undefined);
  }

  /** `patienceMs`: an answer that does not come within this is an error of the bench, or of the server. */
  static async open(
    url: string,
    headers: Readonly<Record<string, string>> = {},
    patienceMs = PATIENCE_MS,
  ): Promise<Wire> {
    const socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Wire(socket, patienceMs);
  }

  /** A frame, or its text. */
  send(frame: ClientFrame | string): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Says hello and waits for the welcome. */
  async hello(hello: Omit<Extract<ClientFrame, { type: 'hello' }>, 'type'>): Promise<ServerFrameOf<'welcome'>> {
    const welcome = this.#answer('welcome');
    this.send({ type: 'hello', ...hello });
    return (await welcome) as ServerFrameOf<'welcome'>;
  }

  /** Sends a frame with an id and waits for its acknowledgement; a refusal is thrown. */
  async request(frame: ClientFrame): Promise<ServerFrameOf<'ack'>> {
    const id = `r${++this.#requests}`;
    const answer = this.#answer(id);
    this.send({ ...frame, id });
    const heard = await answer;
    if (heard.type === 'ack') return heard;
    throw new Error(`${frame.type} was refused: ${JSON.stringify(heard)}`);
  }

  /** Both directions end at once, without goodbye. */
  cut(): void {
    this.#socket.terminate();
  }

  #answer(key: string): Promise<ServerFrameOf<'ack' | 'refused' | 'welcome'>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`No answer to ${key}.`)), this.#patienceMs);
      const failed = (code: number, reason: Buffer) => reject(new Error(`The socket was closed: ${code} ${reason}.`));
      this.#socket.once('close', failed);
      this.#answers.set(key, (frame) => {
        clearTimeout(timer);
        this.#socket.off('close', failed);
        resolve(frame);
      });
    });
  }

  #take(frame: ServerFrame): void {
    const key = frame.type === 'welcome' ? 'welcome' : 'id' in frame && frame.id ? frame.id : null;
    const answer = key === null ? undefined : this.#answers.get(key);
    if (key === null || !answer) return this.onFrame(frame);
    this.#answers.delete(key);
    answer(frame as ServerFrameOf<'ack'>);
  }
}
