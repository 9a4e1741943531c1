import { notifications } from '@mantine/notifications';
import { useNavigate } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { sayError } from '#data/api.ts';
import { type Command, useCommands } from '#data/commands.ts';
import { Refused } from '#data/live.ts';
import type { Offer } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { customerName } from '#ui/names.ts';
import classes from './offer.module.css';
import { OfferCard } from './offer-card.tsx';

/** The conversation that is offered to this agent, in front of everything; further ones wait behind it. */
export function Offers() {
  const offers = usePicture((state) => state.offers);
  const answer = useAnswer();
  const first = offers[0];
  useGoneNotice();

  const commands = useMemo(
    (): Command[] =>
      first
        ? [
            {
              id: 'accept',
              label: t.deeds.accept,
              keys: 'a',
              group: 'conversation',
              run: () => answer(first, 'accept'),
            },
            {
              id: 'decline',
              label: t.deeds.decline,
              keys: 'd',
              group: 'conversation',
              run: () => answer(first, 'decline'),
            },
          ]
        : [],
    [first, answer],
  );
  useCommands('offer', commands);

  return (
    <>
      <div className="visually-hidden" role="alert">
        {first && t.offer.announce(customerName(first.context.customer), t.reasons[first.context.reason])}
      </div>
      {first && (
        <div className={classes.place}>
          <OfferCard
            key={first.handoff}
            offer={first}
            behind={offers.length - 1}
            onAnswer={(what) => answer(first, what)}
          />
        </div>
      )}
    </>
  );
}

function useAnswer() {
  const { live } = useConsole();
  const navigate = useNavigate();
  return useCallback(
    (offer: Offer, answer: 'accept' | 'decline') => {
      if (live.state.offers.find((one) => one.handoff === offer.handoff)?.answering) return;
      live.dispatch({ type: 'offer.answering', handoff: offer.handoff, answer });
      live
        .ask({ type: answer, handoff: offer.handoff })
        .then(() => {
          live.dispatch({ type: 'offer.gone', handoff: offer.handoff });
          if (answer === 'accept')
            void navigate({
              to: '/inbox/$view/$conversation',
              params: { view: 'mine', conversation: offer.conversation },
              state: { write: true },
            });
        })
        .catch((error) => {
          live.dispatch({ type: 'offer.answering', handoff: offer.handoff, answer: undefined });
          if (error instanceof Refused) live.dispatch({ type: 'offer.gone', handoff: offer.handoff });
          notifications.show({ color: 'red', message: sayError(error) });
        });
    },
    [live, navigate],
  );
}

/** An offer that ends without the agent's doing is told, so that nobody wonders where the card went. */
function useGoneNotice(): void {
  const { live } = useConsole();
  const known = useRef(new Set<string>());
  const offers = usePicture((state) => state.offers);
  useEffect(
    () =>
      live.onFrame((frame) => {
        if (frame.type !== 'offer-gone' || !known.current.has(frame.handoff)) return;
        const why = frame.why in t.offer.gone ? (frame.why as keyof typeof t.offer.gone) : 'other';
        notifications.show({ color: 'gray', message: t.offer.gone[why] });
      }),
    [live],
  );
  useEffect(() => {
    known.current = new Set(offers.filter((offer) => !offer.answering).map((offer) => offer.handoff));
  }, [offers]);
}
