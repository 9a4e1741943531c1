import type { EventItem } from '@baton/protocol';
import { useLayoutEffect, useState } from 'preact/hooks';
import { useSurroundings } from './context.ts';
import { brief } from './launcher.tsx';

/** Lines kept for a screen reader. */
const KEPT = 5;

/**
 * Says what arrives to those who hear the page. Apart from the timeline, so that history, earlier messages and half
 * answers are not read out.
 */
export function Announcer() {
  const { visit, words } = useSurroundings();
  const [items, setItems] = useState<EventItem[]>([]);
  useLayoutEffect(
    () =>
      visit.on((news) => {
        if (news.type === 'arrived') setItems((all) => [...all.slice(1 - KEPT), news.item]);
      }),
    [visit],
  );
  return (
    <div class="hidden" role="log" aria-live="polite" aria-label={words('newMessages')}>
      {items.map(({ seq, event }) =>
        event.type === 'message' ? (
          <p key={seq} dir="auto">
            {event.message.author.name ?? words('assistant')}: {brief(event.message)}
          </p>
        ) : null,
      )}
    </div>
  );
}
