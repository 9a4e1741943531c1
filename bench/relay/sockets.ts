import type { WebSocket } from 'ws';

/** Resolves when the socket is open; throws when it does not open. */
export function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
}
