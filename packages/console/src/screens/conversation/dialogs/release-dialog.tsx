import { useState } from 'react';
import type { ConversationId } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';
import { NoteField, noteOf } from './note-field.tsx';

export function ReleaseDialog({
  opened,
  conversation,
  onClose,
}: {
  opened: boolean;
  conversation: ConversationId;
  onClose: () => void;
}) {
  const [note, setNote] = useState('');
  return (
    <AskDialog
      opened={opened}
      onClose={onClose}
      title={t.dialogs.releaseTitle}
      text={t.dialogs.releaseText}
      submit={t.deeds.release}
      frame={() => ({ type: 'release', conversation, to: 'bot', ...noteOf(note) })}
    >
      <NoteField
        focused
        label={t.dialogs.releaseNote}
        hint={t.dialogs.releaseNoteHint}
        rows={3}
        value={note}
        onChange={setNote}
      />
    </AskDialog>
  );
}
