import type { Conversation } from '@baton/protocol';
import { UnstyledButton } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconX } from '@tabler/icons-react';
import { sayError } from '#data/api.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { FlagPill } from '#ui/flag-pill.tsx';
import { plainWord } from '#ui/names.ts';
import classes from './panel.module.css';

interface FlagsProps {
  id: ConversationId;
  flags: Conversation['flags'];
  onJump: (seq: number) => void;
}

/** What was raised on the conversation. A flag leads to the words that raised it. */
export function Flags({ id, flags, onJump }: FlagsProps) {
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
    <ul className={classes.flags}>
      {flags.map(({ name, evidence }) => {
        const seq = evidence?.seq;
        const hint = evidence?.quote ? `“${evidence.quote}”` : evidence?.detail;
        return (
          <li key={name} className={classes.flag}>
            {seq === undefined ? (
              <FlagPill name={name} title={hint} />
            ) : (
              <UnstyledButton onClick={() => onJump(seq)} aria-label={`${plainWord(name)}: ${t.context.jump}`}>
                <FlagPill name={name} title={hint} />
              </UnstyledButton>
            )}
            <UnstyledButton
              className={classes.lower}
              aria-label={`${t.deeds.unflag}: ${plainWord(name)}`}
              onClick={() => lower(name)}
            >
              <IconX size={12} aria-hidden />
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}
