import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Command, useAllCommands } from '#data/commands.ts';
import { usePicture } from '#data/use.ts';
import { plainOf } from '#screens/conversation/linkify.ts';
import { t } from '#strings/strings.ts';
import { Face } from '#ui/face.tsx';
import { Keys } from '#ui/keys.tsx';
import { customerName } from '#ui/names.ts';
import classes from './palette.module.css';
import { findCommands, findConversations } from './search.ts';

interface Entry {
  id: string;
  group: string;
  label: string;
  icon: ReactNode;
  keys?: string | undefined;
  detail?: string | undefined;
  run(): void;
}

/**
 * Everything that can be done, and everybody who can be gone to, by a few letters. The browser's own dialog: it has the
 * focus at once, so that the first letters of a quick hand are not taken for commands.
 */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (opened) dialog.current?.showModal();
    else dialog.current?.close();
  }, [opened]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside it closes it; the keyboard has Escape
    <dialog
      ref={dialog}
      className={classes.dialog}
      aria-label={t.palette.title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      {opened && <Finder onClose={onClose} />}
    </dialog>
  );
}

function Finder({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const entries = useEntries(typed);
  const list = useId();
  const chosen = entries[Math.min(at, entries.length - 1)];

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    // After the dialog has given the focus back: a command may move it on.
    requestAnimationFrame(() => entry.run());
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((before) => (Math.min(before, entries.length - 1) + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <>
      <label className={classes.field}>
        <IconSearch size={18} aria-hidden />
        <input
          // biome-ignore lint/a11y/noAutofocus: the palette is opened to type into it
          autoFocus
          className={classes.input}
          value={typed}
          placeholder={t.palette.placeholder}
          aria-label={t.palette.placeholder}
          role="combobox"
          aria-expanded
          aria-controls={list}
          aria-activedescendant={chosen && `${list}-${chosen.id}`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
      </label>
      {entries.length === 0 && <p className={classes.none}>{t.palette.none}</p>}
      <Results
        id={list}
        entries={entries}
        chosen={chosen}
        onRun={run}
        onPoint={(entry) => setAt(entries.indexOf(entry))}
      />
    </>
  );
}

interface ResultsProps {
  id: string;
  entries: Entry[];
  chosen: Entry | undefined;
  onRun: (entry: Entry) => void;
  onPoint: (entry: Entry) => void;
}

function Results({ id, entries, chosen, onRun, onPoint }: ResultsProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen)
      box.current?.querySelector(`[id="${CSS.escape(`${id}-${chosen.id}`)}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen, id]);
  return (
    <div ref={box} id={id} role="listbox" aria-label={t.palette.title} className={classes.results} tabIndex={-1}>
      {entries.map((entry, at) => (
        <div key={entry.id} role="presentation">
          {entries[at - 1]?.group !== entry.group && (
            <p className={classes.group} aria-hidden>
              {entry.group}
            </p>
          )}
          {/* The keys are the field's: the list has no focus of its own. */}
          <div
            id={`${id}-${entry.id}`}
            role="option"
            aria-selected={entry === chosen}
            tabIndex={-1}
            className={classes.entry}
            onClick={() => onRun(entry)}
            onKeyDown={undefined}
            onMouseMove={() => entry !== chosen && onPoint(entry)}
          >
            <span className={classes.icon}>{entry.icon}</span>
            <span className={classes.label} dir="auto">
              {entry.label}
            </span>
            {entry.detail && <span className={classes.detail}>{entry.detail}</span>}
            {entry.keys && <Keys keys={entry.keys} />}
          </div>
        </div>
      ))}
    </div>
  );
}

const GROUPS: Record<Command['group'], string> = {
  conversation: t.palette.conversation,
  go: t.palette.go,
  you: t.palette.you,
};
const GROUP_ORDER: Command['group'][] = ['conversation', 'go', 'you'];

function useEntries(typed: string): Entry[] {
  const commands = useAllCommands();
  const rows = usePicture((state) => state.rows);
  const navigate = useNavigate();
  return useMemo(() => {
    const doable = commands.filter((command) => command.disabled === undefined && command.id !== 'palette');
    const found = findCommands(doable, typed).map(
      ({ id, label, icon, keys, group, run }): Entry => ({ id, label, icon, keys, group: GROUPS[group], run }),
    );
    if (typed.trim() === '') found.sort((a, b) => order(a.group) - order(b.group));
    const people = findConversations(
      Object.values(rows).map((row) => row.summary),
      typed,
    ).map(
      (row): Entry => ({
        id: row.id,
        group: t.palette.customers,
        label: customerName(row.customer),
        icon: <Face seed={row.customer.id} name={row.customer.name} size={22} />,
        detail: row.last ? plainOf(row.last.text) : undefined,
        run: () =>
          void navigate({
            to: '/inbox/$view/$conversation',
            params: { view: row.status === 'open' ? 'all' : 'closed', conversation: row.id },
          }),
      }),
    );
    return typed.trim() === '' ? found : [...grouped(found), ...people];
  }, [commands, rows, typed, navigate]);
}

function order(group: string): number {
  return GROUP_ORDER.findIndex((each) => GROUPS[each] === group);
}

/** Entries of one group stand together; the group with the best entry is first. */
function grouped(entries: Entry[]): Entry[] {
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return groups.flatMap((group) => entries.filter((entry) => entry.group === group));
}
