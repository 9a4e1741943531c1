import type { EventItem, HandoffAnswer } from '@baton/protocol';
import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { sayError } from '#data/api.ts';
import { previewOf } from '#data/rows.ts';
import { safeUrl } from '#screens/conversation/linkify.ts';
import { t } from '#strings/strings.ts';
import classes from './desks.module.css';
import told from './told.module.css';
import { Told } from './told.tsx';
import { isOver, useTestHandoff } from './use-test-handoff.ts';

const words = t.settings.desks;

/** Opens a real ticket at the desk, and shows what comes back from there. */
export function TestHandoff({ desk, name }: { desk: string; name: string }) {
  const { send, end, answer, events, ticket } = useTestHandoff(desk);
  const refused = !ticket && answer !== undefined && answer.handoff.desk !== desk && answer.handoff.phase !== 'ended';
  // It went on to somebody who must not be troubled with a test.
  const { mutate: endIt } = end;
  useEffect(() => {
    if (refused) endIt();
  }, [refused, endIt]);
  return (
    <>
      <div className={classes.foot}>
        <Button
          variant="default"
          leftSection={<IconSend size={17} stroke={1.8} />}
          onClick={() => send.mutate()}
          loading={send.isPending}
          disabled={answer !== undefined && !isOver(answer, desk)}
        >
          {words.handoff}
        </Button>
        {!answer && <span className={classes.took}>{words.handoffHint}</span>}
      </div>
      {send.error && (
        <Told tone="bad" title={words.notArrived(name)}>
          <p>{sayError(send.error)}</p>
        </Told>
      )}
      {answer && !send.isPending && (
        <Progress
          answer={answer}
          ticket={ticket}
          events={events}
          desk={desk}
          name={name}
          onEnd={endIt}
          ending={end.isPending}
          endError={end.error}
        />
      )}
    </>
  );
}

interface ProgressProps {
  answer: HandoffAnswer;
  /** What the desk has made of it; null: nothing so far. */
  ticket: HandoffAnswer['handoff']['ticket'];
  events: readonly EventItem[];
  desk: string;
  name: string;
  ending: boolean;
  endError: Error | null;
  onEnd: () => void;
}

function Progress({ answer, ticket, events, desk, name, ending, endError, onEnd }: ProgressProps) {
  const { handoff, conversation } = answer;
  const over = isOver(answer, desk);
  const read = (
    <Link to="/inbox/$view/$conversation" params={{ view: 'all', conversation: conversation.id }}>
      {words.readHere}
    </Link>
  );
  if (!ticket && over) {
    const failures = events.flatMap(({ event }) =>
      event.type === 'delivery.failed' && event.side === `desk:${desk}` ? [event.detail] : [],
    );
    return (
      <Told tone="bad" title={words.notArrived(name)}>
        {failures.map((why) => (
          <p key={why}>{why}</p>
        ))}
        <div className={told.links}>{read}</div>
      </Told>
    );
  }
  if (!ticket) return <Told tone="busy" title={words.bringing(name)} />;
  return (
    <Told tone="good" title={words.arrived(name)}>
      <p>{over ? (handoff.outcome === 'returned_to_bot' ? words.returned : words.ended) : words.answerThere}</p>
      <AgentWords events={events} />
      <div className={told.links}>
        <TicketLink ticket={ticket} />
        {read}
      </div>
      {!over && (
        <Button variant="default" size="compact-sm" mt={10} onClick={onEnd} loading={ending}>
          {words.endTest}
        </Button>
      )}
      {endError && <p>{sayError(endError)}</p>}
    </Told>
  );
}

/** What agents of the desk have said, newest last. */
function AgentWords({ events }: { events: readonly EventItem[] }) {
  const said = events.flatMap(({ seq, event }) =>
    event.type === 'message' && event.message.author.role === 'agent'
      ? [{ seq, name: event.message.author.name, text: previewOf(event.message.parts) }]
      : [],
  );
  if (said.length === 0) return null;
  return (
    <ul className={told.words} aria-label={words.heard}>
      {said.map(({ seq, name, text }) => (
        <li key={seq} dir="auto">
          <b>{name}</b>
          {text}
        </li>
      ))}
    </ul>
  );
}

/** The ticket there, where the desk has told its address. */
export function TicketLink({ ticket }: { ticket: { id: string; url?: string | undefined } }) {
  const url = ticket.url && safeUrl(ticket.url);
  if (!url) return <span>{words.ticket(ticket.id)}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" title={words.ticket(ticket.id)}>
      {words.openTicket}
    </a>
  );
}
