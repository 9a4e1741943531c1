import { useLayoutEffect, useState } from 'preact/hooks';
import { useSurroundings } from './context.ts';
import { plain } from './launcher.tsx';
import { noticeText } from './timeline.tsx';

/** Lines kept for a screen reader, out of so many events: not each is a line. */
const KEPT = 5;
const NEWEST = 20;

/**
 * Says what arrives to those who hear the page, whole: what somebody wrote, who came and who left. Apart from the timeline,
 * so that history, earlier messages and half answers are not read out.
 */
export function Announcer() {
  const { visit, words } = useSurroundings();
  const [arrived, setArrived] = useState<string[]>([]);
  const nameOf = (seq: number) => `${visit.state.conversation} ${seq}`;
  useLayoutEffect(
    () =>
      visit.on((news) => {
        if (news.type === 'arrived') setArrived((all) => [...all.slice(1 - NEWEST), nameOf(news.item.seq)]);
      }),
    [visit],
  );
  return (
    <div class="hidden" role="log" aria-live="polite" aria-label={words('newMessages')}>
      {visit.state.story.lines
        .filter(({ seq }) => arrived.includes(nameOf(seq)))
        .slice(-KEPT)
        .map((line) => (
          <p key={line.seq} dir="auto">
            {line.kind === 'notice'
              ? noticeText(line.notice, words)
              : `${line.message.author.name ?? words('assistant')}: ${line.message.parts.map(plain).join(' ')}`}
          </p>
        ))}
    </div>
  );
}
