import type { Conversation } from '@baton/protocol';
import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconX } from '@tabler/icons-react';
import { sayError } from '#data/api.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { FlagPill } from '#ui/flag-pill.tsx';
import { plainWord } from '#ui/names.ts';
import { Quote } from '#ui/quote.tsx';
import classes from './panel.module.css';

export function Flags({
  id,
  flags,
  onJump,
}: {
  id: ConversationId;
  flags: Conversation['flags'];
  onJump: (seq: number) => void;
}) {
  const { live } = useConsole();
  const lower = (name: string) => {
    live
      .ask({ type: 'unflag', conversation: id, name })
      .catch((error) =>
        notifications.show({ color: 'red', title: t.deeds.failed(t.deeds.unflag), message: sayError(error) }),
      );
  };
  if (flags.length === 0) return <p className={classes.quiet}>{t.context.noFlags}</p>;
  return (
    <ul className={classes.list}>
      {flags.map(({ name, evidence }) => (
        <li key={name} className={classes.flag}>
          <div className={classes.flagText}>
            <FlagPill name={name} />
            {evidence?.quote && evidence.seq !== undefined ? (
              <button
                type="button"
                className={classes.evidence}
                style={{ marginTop: 5 }}
                onClick={() => evidence.seq !== undefined && onJump(evidence.seq)}
                title={t.context.jump}
              >
                <Quote text={evidence.quote} words={evidence.words} />
              </button>
            ) : (
              evidence?.detail && <p className={classes.detail}>{evidence.detail}</p>
            )}
          </div>
          <ActionIcon size="sm" aria-label={`${t.deeds.unflag}: ${plainWord(name)}`} onClick={() => lower(name)}>
            <IconX size={14} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
