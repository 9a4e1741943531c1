import type { ConversationId } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';

/** Taking from another agent is asked twice: it is his work. */
export function TakeDialog({
  opened,
  conversation,
  holder,
  onClose,
}: {
  opened: boolean;
  conversation: ConversationId;
  holder: string;
  onClose: () => void;
}) {
  return (
    <AskDialog
      opened={opened}
      onClose={onClose}
      title={t.dialogs.takeTitle(holder)}
      text={t.dialogs.takeText(holder)}
      submit={t.deeds.take}
      frame={() => ({ type: 'take', conversation, force: true })}
    />
  );
}
