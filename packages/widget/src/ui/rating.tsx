import { useState } from 'preact/hooks';
import type { State } from '#visit/state.ts';
import { canRate } from '#visit/view.ts';
import { useSurroundings } from './context.ts';
import { StarIcon } from './icons.tsx';

const SCORES = [1, 2, 3, 4, 5];

/** After the end: one to five stars, and a word if he likes. */
export function Rating({ state }: { state: State }) {
  const { visit, words } = useSurroundings();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState('');
  const given = state.story.rating ?? ratingOnItsWay(state);

  if (given !== null) {
    return (
      <div class="rating given" role="status">
        <span class="stars" aria-hidden="true">
          {SCORES.map((one) => (
            <span key={one} class={one <= given ? 'full' : ''}>
              <StarIcon />
            </span>
          ))}
        </span>
        <p>{words('thanks')}</p>
      </div>
    );
  }
  if (!canRate(state)) return null;
  const send = (event: Event) => {
    event.preventDefault();
    if (score > 0) visit.rate(score, comment);
  };
  return (
    <form class="rating" onSubmit={send}>
      <fieldset>
        <legend>{words('rate')}</legend>
        <div class="stars">
          {SCORES.map((one) => (
            <label key={one} class={one <= score ? 'full' : ''}>
              <input type="radio" name="score" value={one} checked={score === one} onChange={() => setScore(one)} />
              <span class="hidden">{words('stars', { count: one })}</span>
              <StarIcon />
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            rows={2}
            maxLength={2_000}
            dir={comment === '' ? undefined : 'auto'}
            aria-label={words('comment')}
            placeholder={words('comment')}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          <button type="submit" class="primary">
            {words('sendRating')}
          </button>
        </>
      )}
    </form>
  );
}

function ratingOnItsWay({ pending }: State): number | null {
  for (const { wish, fate } of pending) if (wish.what === 'rate' && fate.is !== 'refused') return wish.score;
  return null;
}
