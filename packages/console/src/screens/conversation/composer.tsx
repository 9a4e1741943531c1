import { ActionIcon, Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import {
  type ClipboardEvent,
  type DragEvent,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Stance } from '#data/picture.ts';
import type { ConversationId, Outgoing } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { partsOf } from '#data/writing.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';
import { sends } from '#ui/sends.ts';
import { Attachments } from './attachments.tsx';
import classes from './composer.module.css';
import { useAttachments } from './use-attachments.ts';

export type Kind = Outgoing['kind'];

/** Longest text of one message (protocol: TEXT_LIMIT). The count is shown when it comes near. */
const TEXT_LIMIT = 8_000;
const COUNT_FROM = 7_000;
const MAX_HEIGHT_PX = 260;

interface ComposerProps {
  id: ConversationId;
  customer: string;
  stance: Stance;
  kind: Kind;
  onKind: (kind: Kind) => void;
  /** What stands in the place of the field while the agent may not reply. */
  locked: ReactNode;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Which ways of writing there are. A reply is always one of them: where it is not possible, its place says why. */
export function kindsFor(stance: Stance): Kind[] {
  switch (stance.is) {
    case 'mine':
    case 'closed':
      return ['reply', 'note'];
    case 'bot':
      return ['reply', 'note', 'whisper', 'barge'];
    case 'queue':
    case 'other':
    case 'nobody':
      return ['reply', 'note', 'barge'];
  }
}

export function Composer(props: ComposerProps) {
  const { id, stance, kind, onKind, locked } = props;
  const kinds = kindsFor(stance);
  const replyLocked = kind === 'reply' && stance.is !== 'mine';
  return (
    <section className={classes.composer} data-kind={kind} aria-label={t.composer[kind]}>
      <div className={classes.kinds} role="tablist">
        {kinds.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            aria-selected={each === kind}
            className={classes.kind}
            data-kind={each}
            onClick={() => onKind(each)}
          >
            {t.composer[each]}
          </button>
        ))}
      </div>
      {replyLocked ? <div className={classes.locked}>{locked}</div> : <Field key={`${id} ${kind}`} {...props} />}
    </section>
  );
}

function Field({ id, customer, kind, onKind, field }: ComposerProps) {
  const { writing, drafts } = useConsole();
  const [text, setText] = useState(() => drafts.get(id, kind));
  const files = useAttachments();
  const withFiles = kind === 'reply' || kind === 'barge';
  useGrowing(field, text);

  const over = text.length - TEXT_LIMIT;
  const ready = over <= 0 && !files.busy && (text.trim() !== '' || files.done.length > 0);
  const change = (next: string) => {
    setText(next);
    drafts.set(id, kind, next);
    if (kind === 'reply' && next !== '') writing.typing(id, true);
  };
  const send = () => {
    if (!ready) return;
    writing.write({
      conversation: id,
      kind,
      parts: partsOf(text, files.done),
      files: Object.fromEntries(files.done.map((file) => [file.id, file.name])),
    });
    change('');
    files.clear();
    if (kind === 'barge') onKind('reply');
    field.current?.focus();
  };
  const take = (list: FileList, event: { preventDefault(): void }) => {
    // Without this the browser would leave the console and show the file.
    if (list.length > 0) event.preventDefault();
    if (withFiles) files.add([...list]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files can be dropped on it; the button beside the field does the same
    <div
      className={classes.field}
      onDrop={(event: DragEvent) => take(event.dataTransfer.files, event)}
      onDragOver={(event) => event.preventDefault()}
    >
      <textarea
        ref={field}
        className={classes.text}
        rows={1}
        dir="auto"
        value={text}
        placeholder={placeholderOf(kind, customer)}
        aria-label={placeholderOf(kind, customer)}
        aria-invalid={over > 0}
        onChange={(event) => change(event.currentTarget.value)}
        onPaste={(event: ClipboardEvent) => take(event.clipboardData.files, event)}
        onBlur={() => writing.typing(id, false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (!sends(event)) return;
          event.preventDefault();
          send();
        }}
      />
      <Attachments files={files} />
      <footer className={classes.foot}>
        {withFiles && <AttachButton onFiles={files.add} />}
        <span className={classes.count} data-over={over > 0 || undefined} role="status">
          {over > 0 ? t.composer.over(over) : text.length > COUNT_FROM ? t.composer.left(-over) : ''}
        </span>
        <Button
          size="compact-sm"
          onClick={send}
          disabled={!ready}
          rightSection={<Keys keys="enter" />}
          className={classes.send}
          title={t.composer.hint}
        >
          {sendLabel(kind)}
        </Button>
      </footer>
    </div>
  );
}

function AttachButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <ActionIcon
        size="md"
        aria-label={t.composer.attach}
        title={t.composer.attach}
        onClick={() => input.current?.click()}
      >
        <IconPaperclip size={18} stroke={1.7} />
      </ActionIcon>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

/** The field is as high as its text, up to a limit. */
function useGrowing(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it grow
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, MAX_HEIGHT_PX)}px`;
  }, [field, text]);
}

function placeholderOf(kind: Kind, customer: string): string {
  switch (kind) {
    case 'reply':
      return t.composer.replyTo(customer);
    case 'note':
      return t.composer.notePlaceholder;
    case 'whisper':
      return t.composer.whisperPlaceholder;
    case 'barge':
      return t.composer.bargePlaceholder(customer);
  }
}

function sendLabel(kind: Kind): string {
  switch (kind) {
    case 'reply':
      return t.composer.send;
    case 'note':
      return t.composer.addNote;
    case 'whisper':
      return t.composer.sendWhisper;
    case 'barge':
      return t.composer.sendBarge;
  }
}
