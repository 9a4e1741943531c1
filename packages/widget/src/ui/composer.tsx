import type { Part, WidgetSession } from '@baton/protocol';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { State } from '#visit/state.ts';
import { canAskHuman } from '#visit/view.ts';
import { AttachmentList } from './attachment-list.tsx';
import type { Attachments } from './attachments.ts';
import { useSurroundings } from './context.ts';
import { ClipIcon, PersonIcon, SendIcon } from './icons.tsx';

/** The counter is shown when so many characters or fewer are left. */
const NEAR_LIMIT = 500;

interface ComposerProps {
  state: State;
  limits: WidgetSession['limits'];
  input: RefObject<HTMLTextAreaElement | null>;
  attachments: Attachments;
}

/** Enter sends, Shift+Enter makes a new line. While an input method composes a character, Enter belongs to it. */
export function Composer({ state, limits, input, attachments }: ComposerProps) {
  const { visit, words } = useSurroundings();
  const [text, setText] = useState(() => visit.memory.get('draft') ?? '');
  const picker = useRef<HTMLInputElement>(null);
  const left = limits.textLength - text.length;
  const busy = attachments.list.some((one) => one.is === 'uploading');
  const ready = attachments.list.flatMap((one) => (one.is === 'ready' ? [one.file] : []));
  const sendable = left >= 0 && !busy && (text.trim() !== '' || ready.length > 0);

  const write = (value: string) => {
    setText(value);
    visit.memory.set('draft', value === '' ? null : value);
    visit.writes(value);
  };
  const send = () => {
    if (!sendable) return;
    const parts: Part[] = ready.map((file) => ({ type: 'file', file }));
    if (text.trim() !== '') parts.unshift({ type: 'text', text: text.trim() });
    visit.say(parts);
    setText('');
    visit.memory.set('draft', null);
    attachments.clear();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // keyCode 229: Safari ends the composition before this keydown.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };

  // As high as its text, up to the maximum of the style sheet.
  useLayoutEffect(() => {
    const element = input.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [text]);

  return (
    <div class="composer">
      <AttachmentList attachments={attachments} />
      <div class={`write ${left < 0 ? 'too-long' : ''}`}>
        <textarea
          ref={input}
          rows={1}
          dir={text === '' ? undefined : 'auto'}
          value={text}
          aria-label={words('message')}
          aria-invalid={left < 0}
          placeholder={words(state.story.status === 'closed' ? 'placeholderClosed' : 'placeholder')}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const { files = [], types = [] } = event.clipboardData ?? {};
            // Word and Excel put a picture of the text beside it: the text is meant.
            if (files.length === 0 || types.includes('text/rtf')) return;
            event.preventDefault();
            attachments.add([...files]);
          }}
        />
        <div role="status">{left < 0 && <p class="fault">{words('tooLong', { count: -left })}</p>}</div>
        <div class="tools">
          <button
            type="button"
            class="icon"
            aria-label={words('attach')}
            title={words('attach')}
            onClick={() => picker.current?.click()}
          >
            <ClipIcon />
          </button>
          <input
            type="file"
            ref={picker}
            hidden
            multiple
            accept={limits.mimeTypes.join(',')}
            onChange={(event) => {
              attachments.add([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = '';
            }}
          />
          {canAskHuman(state) && (
            <button type="button" class="person" onClick={() => visit.askHuman()}>
              <PersonIcon /> {words('person')}
            </button>
          )}
          <span class="counter">{left <= NEAR_LIMIT && left >= 0 && words('charactersLeft', { count: left })}</span>
          <button
            type="button"
            class="send"
            aria-label={words('send')}
            title={words('send')}
            disabled={!sendable}
            onClick={send}
          >
            <SendIcon />
          </button>
        </div>
      </div>
    </div>
  );
}
