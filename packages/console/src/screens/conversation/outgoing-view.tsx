import { Button } from '@mantine/core';
import { IconAlertCircle, IconClockHour4 } from '@tabler/icons-react';
import type { Outgoing } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import bubbles from './bubble.module.css';
import classes from './outgoing-view.module.css';
import { Words } from './words.tsx';

interface OutgoingViewProps {
  one: Outgoing;
  /** May the agent say it to the customer now? */
  mayReply: boolean;
  onEdit: (text: string, kind: Outgoing['kind']) => void;
}

/** Something written here that the log does not have: on its way, or refused, with what can be done about it. */
export function OutgoingView({ one, mayReply, onEdit }: OutgoingViewProps) {
  const live = usePicture((state) => state.link.state === 'live');
  const text = one.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const files = Object.values(one.files);
  const refused = one.state === 'refused';
  return (
    <article
      className={`${bubbles.message} ${classes.outgoing}`}
      data-role="agent"
      data-kind={one.kind}
      data-refused={refused || undefined}
    >
      <div className={bubbles.stack}>
        <div className={bubbles.bubble}>
          {text && <Words text={text} rich={false} />}
          {files.map((name) => (
            <p key={name} className={classes.file}>
              {name}
            </p>
          ))}
        </div>
        {refused ? (
          <Refusal one={one} text={text} message={one.message} mayReply={mayReply} onEdit={onEdit} />
        ) : (
          <p className={bubbles.receipt}>
            <IconClockHour4 size={13} aria-hidden />
            {live ? t.timeline.sending : t.timeline.waitingForLine}
          </p>
        )}
      </div>
    </article>
  );
}

interface RefusalProps extends OutgoingViewProps {
  text: string;
  message: string;
}

function Refusal({ one, text, message, mayReply, onEdit }: RefusalProps) {
  const { writing } = useConsole();
  const edit = () => {
    writing.discard(one.clientId);
    onEdit(text, one.kind);
  };
  return (
    <div className={classes.refusal} role="alert">
      <p className={bubbles.failed}>
        <IconAlertCircle size={14} aria-hidden />
        {t.timeline.notSent}: {message}
      </p>
      <div className={classes.ways}>
        {mayReply && one.kind === 'reply' && (
          <Button size="compact-xs" variant="light" onClick={() => writing.again(one)}>
            {t.composer.sendAgain}
          </Button>
        )}
        {text && (
          <Button size="compact-xs" variant="default" onClick={edit}>
            {t.composer.edit}
          </Button>
        )}
        {text && one.kind !== 'note' && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => writing.again({ ...one, parts: [{ type: 'text', text }], files: {} }, 'note')}
          >
            {t.composer.asNote}
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => writing.discard(one.clientId)}>
          {t.discard}
        </Button>
      </div>
    </div>
  );
}
