import { Textarea } from '@mantine/core';
import { useState } from 'react';
import type { ConversationId } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';
import { NOTE_LIMIT, noteOf } from './note.ts';

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
      <Textarea
        data-autofocus
        label={t.dialogs.releaseNote}
        description={t.dialogs.releaseNoteHint}
        autosize
        minRows={3}
        maxRows={10}
        maxLength={NOTE_LIMIT}
        dir="auto"
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </AskDialog>
  );
}
