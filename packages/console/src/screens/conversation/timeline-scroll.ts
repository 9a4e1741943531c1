import type { ConversationSummary } from '@baton/protocol';
import { useDocumentVisibility } from '@mantine/hooks';
import type { Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationId } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import type { Entry } from './entries.ts';

/** Nearer to the end than this counts as there. */
const NEAR_END_PX = 80;
/** Older events are asked for when so few entries are left above. */
const AHEAD = 12;
const FLASH_MS = 1_600;
/** From the first drawing to the last measuring. */
const SETTLE_MS = 150;
/** A scroll this soon after a wheel, a finger, a key or a press on the scrollbar is the reader's own. */
const GESTURE_MS = 600;

type Virtual = Virtualizer<HTMLElement, Element>;

export interface Pin {
  atEnd: boolean;
  toEnd: () => void;
  /** Something else leads the reader away from the end. */
  letGo: () => void;
}

/**
 * Keeps the reader at the newest message while he is there, whatever grows: messages, the field below, pictures that
 * load. Only his own scrolling up lets go: by a gesture of his, or by a move that no change of size explains.
 */
export function usePinned(box: RefObject<HTMLElement | null>, ready: boolean): Pin {
  const [atEnd, setAtEnd] = useState(true);
  const pinned = useRef(true);
  const toEnd = useCallback(() => {
    pinned.current = true;
    setAtEnd(true);
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [box]);
  const letGo = useCallback(() => {
    pinned.current = false;
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!ready || !element) return;
    let { scrollTop: top, scrollHeight: height, clientHeight: room } = element;
    let touchedAt = Number.NEGATIVE_INFINITY;
    const touch = () => {
      touchedAt = performance.now();
    };
    const look = () => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const byHand = performance.now() - touchedAt < GESTURE_MS;
      const up = scrollTop < top - 1 && (byHand || (scrollHeight === height && clientHeight === room));
      if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) pinned.current = true;
      else if (up) pinned.current = false;
      top = scrollTop;
      height = scrollHeight;
      room = clientHeight;
      setAtEnd(pinned.current);
    };
    const stay = () => {
      if (pinned.current) element.scrollTo({ top: element.scrollHeight });
      look();
    };
    stay();
    const listening = new AbortController();
    const options = { passive: true, signal: listening.signal };
    element.addEventListener('scroll', look, options);
    for (const gesture of ['wheel', 'touchmove', 'pointerdown', 'keydown'])
      element.addEventListener(gesture, touch, options);
    const sizes = new ResizeObserver(stay);
    sizes.observe(element);
    if (element.firstElementChild) sizes.observe(element.firstElementChild);
    return () => {
      listening.abort();
      sizes.disconnect();
    };
  }, [box, ready]);
  return { atEnd, toEnd, letGo };
}

/** Reads further back when the reader comes near the top. */
export function useOlder(id: ConversationId, first: number, ready: boolean): void {
  const { logs } = useConsole();
  const [settled, setSettled] = useState(false);
  // Not before it stands at its end: for an instant the top is what is in sight.
  useEffect(() => {
    if (!ready) return;
    const timer = setTimeout(() => setSettled(true), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [ready]);

  const idle = usePicture((state) => state.timelines[id]?.older === 'idle');
  const size = usePicture((state) => state.timelines[id]?.events.length ?? 0);
  useEffect(() => {
    // `size`: a page that came may be shorter than what is in sight.
    if (settled && idle && size > 0 && first < AHEAD) void logs.older(id);
  }, [logs, id, settled, idle, first, size]);
}

/** Tells the lists, and the customer when he is this agent's, how far it was read. */
export function useReading(id: ConversationId, row: ConversationSummary, atEnd: boolean): void {
  const { live } = useConsole();
  const visible = useDocumentVisibility() === 'visible';
  const last = usePicture((state) => state.timelines[id]?.events.at(-1)?.seq ?? 0);
  const mine = row.control.holder === 'agent' && row.control.agent?.id === live.state.me?.id;
  const connected = usePicture((state) => state.link.state === 'live');
  useEffect(() => {
    if (!visible || !atEnd || last === 0) return;
    live.dispatch({ type: 'saw', conversation: id, seq: last });
    // Only who answers makes it "read": a watcher's look must not promise the customer anything.
    if (mine && connected) live.tell({ type: 'read', conversation: id, seq: last });
  }, [live, id, last, visible, atEnd, mine, connected]);
}

/** Goes to an event, reading back to it first if need be. Returns the seq that is to light up. */
export function useJump(
  id: ConversationId,
  virtual: Virtual,
  entries: Entry[],
  jump: { seq: number; count: number } | null,
  letGo: () => void,
): number | null {
  const { logs } = useConsole();
  const [flash, setFlash] = useState<number | null>(null);
  const [wanted, setWanted] = useState<number | null>(null);

  useEffect(() => {
    if (!jump) return;
    let left = false;
    void logs.reach(id, jump.seq).then(() => !left && setWanted(jump.seq));
    return () => {
      left = true;
    };
  }, [logs, id, jump]);

  useEffect(() => {
    if (wanted === null) return;
    const at = entries.findIndex((entry) => 'seq' in entry && entry.seq >= wanted);
    if (at === -1) return;
    setWanted(null);
    letGo();
    virtual.scrollToIndex(at, { align: 'center' });
    setFlash(wanted);
  }, [wanted, entries, virtual, letGo]);

  useEffect(() => {
    if (flash === null) return;
    const timer = setTimeout(() => setFlash(null), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flash]);
  return flash;
}
