import type { State } from '#visit/state.ts';
import { inLine, isPending } from '#visit/view.ts';
import { useSurroundings } from './context.ts';

/** The line: the place in it and the wait, as the server last told them. Nothing is counted down or guessed here. */
export function QueueBanner({ state }: { state: State }) {
  const { visit, words } = useSurroundings();
  const asking = isPending(state, 'ask-human');
  const waiting = inLine(state);
  if (!waiting && !asking) return null;
  const { queue } = state;
  const leaving = isPending(state, 'cancel');
  const place = waiting ? (queue?.position ?? null) : null;
  return (
    <section class="queue" aria-label={words('inLine')}>
      <span class={`place ${place === null ? 'unknown' : ''}`} aria-hidden="true">
        {place ?? ''}
      </span>
      {/* Anew, and so unsaid, when the line begins: that it has begun is a message. What changes from then on is said. */}
      <div key={waiting} class="queue-text" role="status">
        {place !== null && <span class="hidden">{words('place', { place })}</span>}
        <span dir="auto">{waiting ? (queue?.text ?? words('inLine')) : words('askingPerson')}</span>
      </div>
      {waiting && (
        <button type="button" class="quiet" disabled={leaving} onClick={() => visit.leaveLine()}>
          {words(leaving ? 'leavingLine' : 'leaveLine')}
        </button>
      )}
    </section>
  );
}
