import type { WidgetSession } from '@baton/protocol';
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { State } from '#visit/state.ts';
import { hasOlder, pendingHere } from '#visit/view.ts';
import { Avatar } from './avatar.tsx';
import { useSurroundings } from './context.ts';
import { DownIcon } from './icons.tsx';
import { Rating } from './rating.tsx';
import { RichText } from './rich-text.tsx';
import { Timeline } from './timeline.tsx';

/** Nearer to the end than this, the view follows what arrives. */
const NEAR_PX = 80;

/** The scrolling part: greeting, what was said, who is typing, and the rating at the end. */
export function Conversation({ state, theme }: { state: State; theme: WidgetSession['theme'] }) {
  const { visit, words } = useSurroundings();
  const box = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd } = useScroll(box, state);

  // Reading is having it on the screen, in a window that is looked at.
  useEffect(() => {
    const look = () => {
      if (atEnd && document.visibilityState === 'visible' && document.hasFocus()) visit.read();
    };
    look();
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  });

  const { lines, status } = state.story;
  const empty = lines.length === 0 && pendingHere(state).length === 0;
  return (
    <div class="conversation">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (axe: scrollable-region-focusable). */}
      <section class="scroll" ref={box} tabIndex={0} aria-label={words('messages')}>
        <div class="content">
          {hasOlder(state) && <OlderMessages state={state} />}
          {empty && <Beginning state={state} theme={theme} />}
          <Timeline state={state} />
          <TypingView state={state} />
          {status === 'closed' && <Ending state={state} />}
        </div>
      </section>
      {!atEnd && (
        <button
          type="button"
          class="to-end"
          aria-label={words('newMessages')}
          title={words('newMessages')}
          onClick={toEnd}
        >
          <DownIcon />
        </button>
      )}
    </div>
  );
}

/**
 * Stays at the end while it is there; goes there with what the customer says himself; and keeps still when earlier
 * messages come in above (Safari has no scroll anchoring).
 */
function useScroll(box: RefObject<HTMLDivElement | null>, state: State) {
  const [atEnd, setAtEnd] = useState(true);
  const before = useRef({ conversation: state.conversation, height: 0, first: 0, pending: 0 });
  const { visit } = useSurroundings();
  const { conversation } = state;
  const first = state.log[0]?.seq ?? 0;
  const pending = pendingHere(state).length;

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const was = before.current;
    const longer = conversation === was.conversation && first < was.first;
    if (longer) element.scrollTop += element.scrollHeight - was.height;
    else if (atEnd || pending > was.pending) element.scrollTop = element.scrollHeight;
    before.current = { conversation, height: element.scrollHeight, first, pending };
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // What it was scrolled to before anybody listened, it tells nobody: who then goes up at once is not at the end.
    let [followed, top] = [true, element.scrollTop];
    const look = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      // What has grown below him since he was there is no reason to leave him behind; only he goes up.
      followed = near || (followed && element.scrollTop >= top);
      top = element.scrollTop;
      setAtEnd(followed);
      if (element.scrollTop < NEAR_PX && element.scrollHeight > element.clientHeight) void visit.loadOlder();
    };
    element.addEventListener('scroll', look, { passive: true });
    // The keyboard of a phone, an image that loads, a larger composer: what was at the end stays there. Where it was is
    // asked of the last scrolling: by now there may be less room than what it was near to.
    const observer = new ResizeObserver(() => {
      if (followed) element.scrollTop = element.scrollHeight;
      before.current.height = element.scrollHeight;
    });
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [box, visit]);

  return { atEnd, toEnd };
}

/** Before anything is said: the greeting and questions to begin with; or, of a conversation on its way here, that it is. */
function Beginning({ state, theme }: { state: State; theme: WidgetSession['theme'] }) {
  const { visit, words } = useSurroundings();
  if (state.conversation !== null) return <p class="loading">{words('loading')}</p>;
  const questions = words('suggestions')
    .split('\n')
    .filter((one) => one.trim() !== '');
  return (
    <div class="greeting">
      <Avatar author={{ role: 'bot', name: theme.title, avatarUrl: theme.logoUrl ?? undefined }} large />
      <p class="hello" dir="auto">
        {theme.greeting}
      </p>
      {questions.map((question) => (
        <button
          type="button"
          class="choice"
          dir="auto"
          onClick={() => visit.say([{ type: 'text', text: question.trim() }])}
        >
          {question}
        </button>
      ))}
    </div>
  );
}

function OlderMessages({ state }: { state: State }) {
  const { visit, words } = useSurroundings();
  const { older } = state;
  return (
    <div class="older">
      {older === 'failed' && <p role="alert">{words('loadFailed')}</p>}
      <button type="button" class="quiet" disabled={older === 'loading'} onClick={() => void visit.loadOlder()}>
        {words(older === 'loading' ? 'loading' : older === 'failed' ? 'again' : 'older')}
      </button>
    </div>
  );
}

/** Three dots; or, of a bot that streams, its answer as far as it is. The message takes its place. */
function TypingView({ state }: { state: State }) {
  const { words } = useSurroundings();
  const { typing, story } = state;
  if (!typing) return null;
  const name = typing.name ?? story.agent?.name ?? words(typing.role === 'agent' ? 'team' : 'assistant');
  const face = { role: typing.role, name, avatarUrl: typing.role === 'agent' ? story.agent?.avatarUrl : undefined };
  return (
    <div class={`group theirs ${typing.role} typing`}>
      <Avatar author={face} />
      <div class="bubbles">
        {typing.text ? (
          <div class="bubble text" dir="auto">
            <RichText text={typing.text} rich />
          </div>
        ) : (
          <div class="bubble dots" role="img" aria-label={words('typing', { name })}>
            <i />
            <i />
            <i />
          </div>
        )}
      </div>
    </div>
  );
}

function Ending({ state }: { state: State }) {
  const { visit, words } = useSurroundings();
  return (
    <div class="ending">
      <Rating state={state} />
      <button type="button" class="secondary" onClick={() => visit.renew()}>
        {words('renew')}
      </button>
    </div>
  );
}
