import { Feed } from '@baton/sdk';
import { type Call, createCall } from './api.ts';
import { Drafts } from './drafts.ts';
import { Lists } from './lists.ts';
import { Live } from './live.ts';
import { Logs } from './logs.ts';
import { rememberSeen } from './seen.ts';
import { readTeam } from './team.ts';
import { Writing } from './writing.ts';

/** Everything that a logged-in agent's screens work with. One per login. */
export interface Console {
  live: Live;
  lists: Lists;
  logs: Logs;
  writing: Writing;
  drafts: Drafts;
  call: Call;
}

/** @param onEnded the session is over (expired, logged out elsewhere): the login is shown. */
export function createConsole(agent: string, onEnded: () => void): Console {
  const call = createCall(globalThis.fetch.bind(globalThis), onEnded);
  const at = (path: string) => new URL(path, location.href).href;
  // The feed asks for what is unanswered only after its first welcome, when all of this stands.
  const feed = new Feed({
    addresses: {
      socket: at('/v1/realtime').replace(/^http/, 'ws'),
      stream: at('/v1/stream'),
      frames: at('/v1/frames'),
    },
    hello: { inbox: true },
    resend: () => writing.unanswered(),
  });
  const live = new Live({ feed, call, onEnded });
  const writing: Writing = new Writing(live, sessionStorage, agent);
  rememberSeen(live, localStorage, agent);
  readTeam(live);
  return { live, call, writing, drafts: new Drafts(localStorage, agent), lists: new Lists(live), logs: new Logs(live) };
}
