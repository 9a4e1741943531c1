import type { Message } from '@baton/protocol';
import { render } from 'preact';
import type { Chat, Entry } from '#front/entry.ts';
import { addStyle } from '#front/style.ts';
import { App } from '#ui/app.tsx';
import { brief } from '#ui/launcher.tsx';
import { unread } from '#visit/view.ts';
import { Visit } from '#visit/visit.ts';
import { chime } from './sound.ts';
import css from './style.css?inline';

/** The chat comes to the page: it goes on with what stands open, draws itself, and tells the page what happens. */
export function enter({ site, memory, sessions, shell, root, tell }: Entry): Chat {
  const visit = new Visit({ site, memory, sessions });
  const onMessage = (message: Message) => {
    const { role, name } = message.author;
    const conversation = visit.state.conversation ?? '';
    tell('message', { conversation, author: { role, name: name ?? null }, text: brief(message) });
    const looked = shell.state.open && document.visibilityState === 'visible';
    if (shell.state.sound && !looked) chime();
  };
  let missed = 0;
  visit.on((news) => {
    if (news.type === 'arrived' && news.item.event.type === 'message') onMessage(news.item.event.message);
    const count = unread(visit.state).length;
    if (count !== missed) tell('unread', count);
    missed = count;
  });
  const quiet = shell.on(() => shell.state.open && visit.connect());
  addStyle(root, css);
  render(<App visit={visit} shell={shell} locale={site.locale} />, root);
  visit.start();
  if (shell.state.open) visit.connect();
  return {
    identify: (identity) => visit.identify(identity),
    leave() {
      quiet();
      visit.stop();
      render(null, root);
    },
  };
}
