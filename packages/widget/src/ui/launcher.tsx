import type { Message, Part } from '@baton/protocol';
import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import type { Shell } from '#shell.ts';
import { plainOf } from '#story/text.ts';
import type { State } from '#visit/state.ts';
import { unread } from '#visit/view.ts';
import { Avatar } from './avatar.tsx';
import { useSurroundings } from './context.ts';
import { ChatIcon, CloseIcon, DownIcon } from './icons.tsx';

/** The round button, with what was missed; and above it the newest message that came while the panel was closed. */
export function Launcher({
  state,
  shell,
  button,
}: {
  state: State;
  shell: Shell;
  button: RefObject<HTMLButtonElement | null>;
}) {
  const { words } = useSurroundings();
  const { open } = shell.state;
  const missed = open ? [] : unread(state);
  const count = missed.length > 99 ? '99+' : String(missed.length);
  const label = open ? words('close') : missed.length > 0 ? words('openUnread', { count }) : words('open');
  return (
    <>
      {!open && <Preview state={state} missed={missed} shell={shell} />}
      <button
        type="button"
        ref={button}
        class={`launcher ${open ? 'open' : ''}`}
        aria-label={label}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => shell.open(!open)}
      >
        {open ? <DownIcon size={26} /> : <ChatIcon />}
        {missed.length > 0 && (
          <span class="badge" aria-hidden="true">
            {count}
          </span>
        )}
      </button>
    </>
  );
}

function Preview({ state, missed, shell }: { state: State; missed: ReturnType<typeof unread>; shell: Shell }) {
  const { visit, words } = useSurroundings();
  const [dismissed, setDismissed] = useState(() => visit.memory.get('dismissed'));
  const newest = missed.at(-1);
  const name = `${state.conversation} ${newest?.seq}`;
  if (!newest || name === dismissed) return null;
  const dismiss = () => {
    visit.memory.set('dismissed', name);
    setDismissed(name);
  };
  const { author } = newest.message;
  return (
    <div class="preview">
      <button type="button" class="preview-text" onClick={() => shell.open(true)}>
        <Avatar author={author} />
        <span class="preview-words">
          <strong dir="auto">{author.name ?? words(author.role === 'agent' ? 'team' : 'assistant')}</strong>
          <span dir="auto">{brief(newest.message)}</span>
        </span>
      </button>
      <button type="button" class="icon small" aria-label={words('dismiss')} onClick={dismiss}>
        <CloseIcon size={16} />
      </button>
    </div>
  );
}

/** The first words of a message, for a line or two. */
export function brief(message: Message): string {
  return (message.parts.map(plain).find((text) => text !== '') ?? '').slice(0, 200);
}

/** What a part says, without its looks. */
export function plain(part: Part): string {
  switch (part.type) {
    case 'text':
      return plainOf(part.text);
    case 'card':
      return part.title;
    case 'file':
      return part.file.name;
    case 'choices':
      return part.choices.map((one) => one.label).join(' · ');
    case 'form':
      return part.fields.map((one) => one.label).join(' · ');
    default:
      // Newer than this widget.
      return '';
  }
}
