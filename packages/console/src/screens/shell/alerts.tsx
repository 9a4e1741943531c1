import type { ServerFrame } from '@baton/protocol';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { hubNow } from '#data/clock.ts';
import { isUnread } from '#data/picture.ts';
import { useDesktopNotices, useSound } from '#data/preferences.ts';
import type { State } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { rowsOf } from '#data/views.ts';
import { t } from '#strings/strings.ts';
import { chime } from '#ui/chime.ts';
import { customerName } from '#ui/names.ts';

/** Calls the agent when he is needed: sound, desktop notification, the title of the tab. Never for the bot's talks. */
export function Alerts() {
  const { live } = useConsole();
  const navigate = useNavigate();
  const [sound] = useSound();
  const [desktop] = useDesktopNotices();
  useTitle();
  useLeaving();
  useDropGuard();

  useEffect(
    () =>
      live.onFrame((frame) => {
        const alert = alertOf(frame, live.state);
        if (!alert) return;
        const away = document.visibilityState !== 'visible' || !document.hasFocus();
        if (sound && (alert.kind === 'offer' || away)) chime(alert.kind);
        if (!desktop || !away || !('Notification' in window) || Notification.permission !== 'granted') return;
        const notice = new Notification(alert.title, {
          body: alert.body,
          tag: alert.conversation,
          icon: '/console/favicon.svg',
        });
        notice.onclick = () => {
          window.focus();
          notice.close();
          if (alert.kind === 'message')
            void navigate({
              to: '/inbox/$view/$conversation',
              params: { view: 'mine', conversation: alert.conversation },
            });
        };
      }),
    [live, navigate, sound, desktop],
  );
  return null;
}

/** A message is news for this long. */
const FRESH_MS = 60_000;

interface Alert {
  kind: 'offer' | 'message';
  conversation: string;
  title: string;
  body: string;
}

/** What of a frame is worth calling for: an offer, and the customer's words in a conversation of one's own. */
function alertOf(frame: ServerFrame, state: State): Alert | null {
  if (frame.type === 'offer') {
    const { customer, reason } = frame.context;
    return {
      kind: 'offer',
      conversation: frame.conversation,
      title: t.offer.documentTitle(customerName(customer)),
      body: t.reasons[reason],
    };
  }
  if (frame.type !== 'event' || frame.event.type !== 'message' || frame.event.message.author.role !== 'customer')
    return null;
  const row = state.rows[frame.conversation]?.summary;
  const mine = row?.control.holder === 'agent' && row.control.agent?.id === state.me?.id;
  // Old ones come too, after a break or when a conversation is opened: they are no news.
  const fresh = hubNow() - Date.parse(frame.at) < FRESH_MS && frame.seq > (state.seen[frame.conversation] ?? 0);
  if (!row || !mine || !fresh) return null;
  return { kind: 'message', conversation: row.id, title: customerName(row.customer), body: row.last?.text ?? '' };
}

/** A file that is dropped beside the field must not take the console's place in the window. */
function useDropGuard(): void {
  useEffect(() => {
    const stay = (event: DragEvent) => event.preventDefault();
    window.addEventListener('dragover', stay);
    window.addEventListener('drop', stay);
    return () => {
      window.removeEventListener('dragover', stay);
      window.removeEventListener('drop', stay);
    };
  }, []);
}

/** Closing the tab would lose what the hub does not have yet; a reload keeps it. */
function useLeaving(): void {
  const unsent = usePicture((state) => state.outgoing.length > 0);
  useEffect(() => {
    if (!unsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [unsent]);
}

/** Offers first, then how many conversations of one's own have something new. */
function useTitle(): void {
  const offers = usePicture((state) => state.offers);
  const rows = usePicture((state) => state.rows);
  const seen = usePicture((state) => state.seen);
  const me = usePicture((state) => state.me);
  useEffect(() => {
    const offer = offers[0];
    const unread = rowsOf({ rows, me }, 'mine').filter((row) => isUnread(row, seen[row.id], me?.id)).length;
    const title = offer ? t.offer.documentTitle(customerName(offer.context.customer)) : t.product;
    const count = offers.length + unread;
    document.title = count > 0 ? `(${count}) ${title}` : title;
  }, [offers, rows, seen, me]);
  useEffect(
    () => () => {
      document.title = t.product;
    },
    [],
  );
}
