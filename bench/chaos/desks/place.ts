// A desk with its twin, connected, and the conversations that go there.

import type { Baton } from '@baton/sdk';
import { type Stand, stand } from '@baton/server/test/desk-twins.ts';
import { diceOf } from '#bench/simulate/script/random.ts';
import type { DeskOptions } from './options.ts';
import { Story } from './story.ts';

export interface Place extends Stand {
  kind: string;
  polls: boolean;
  id: string;
  queue: string;
  stories: Story[];
}

export const ended = (places: readonly Place[]) =>
  places.reduce((sum, { stories }) => sum + stories.filter(({ over }) => over).length, 0);

export function progress(places: readonly Place[]): string {
  return places
    .map(({ kind, stories }) => `${kind} ${stories.filter(({ over }) => over).length}/${stories.length}`)
    .join(', ');
}

export async function connect(
  baton: Baton,
  { kind, polls }: { kind: string; polls: boolean },
  limits: DeskOptions['limits'],
): Promise<Place> {
  const place = await stand(kind);
  const { twin, config } = place;
  const made = await baton.post('/v1/integrations', { body: { side: 'desk', kind, name: kind, config } });
  twin.webhooks.to(made.inboundUrl);
  const { id } = made;
  const queue = await baton.post('/v1/queues', { body: { name: `To ${kind}`, desks: [id], limits } });
  return { ...place, kind, polls, id, queue: queue.id, stories: [] };
}

/** So many conversations, so many at once. */
export async function play(
  place: Place,
  baton: Baton,
  options: DeskOptions,
  { over, signal }: { over: AbortSignal; signal: AbortSignal },
): Promise<void> {
  const { twin, queue, kind } = place;
  await Promise.all(
    Array.from({ length: Math.min(options.atOnce, options.conversations) }, async () => {
      while (place.stories.length < options.conversations && !over.aborted) {
        const name = `${kind}-${String(place.stories.length).padStart(4, '0')}`;
        const story = new Story({ baton, twin, queue, name, dice: diceOf(`${options.seed} ${name}`), signal });
        place.stories.push(story);
        await story.play().catch((error: unknown) => {
          if (!signal.aborted) story.waiting = `its end: ${error}`;
        });
      }
    }),
  );
}
