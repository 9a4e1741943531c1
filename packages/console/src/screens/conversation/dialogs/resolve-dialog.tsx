import type { HandoffOutcome } from '@baton/protocol';
import { Select } from '@mantine/core';
import { useState } from 'react';
import type { ConversationId } from '#data/state.ts';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';
import { NoteField, noteOf } from './note-field.tsx';

/** Outcomes that a person decides; the others come about by themselves. */
const OUTCOMES: readonly HandoffOutcome[] = [
  'resolved',
  'converted_to_ticket',
  'callback_scheduled',
  'unavailable',
  'abandoned',
];

export function ResolveDialog({
  opened,
  conversation,
  onClose,
}: {
  opened: boolean;
  conversation: ConversationId;
  onClose: () => void;
}) {
  const [outcome, setOutcome] = useState<HandoffOutcome>('resolved');
  const [note, setNote] = useState('');
  return (
    <AskDialog
      opened={opened}
      onClose={onClose}
      title={t.dialogs.resolveTitle}
      submit={t.deeds.resolve}
      frame={() => ({ type: 'close', conversation, outcome, ...noteOf(note) })}
    >
      <Select
        label={t.dialogs.resolveOutcome}
        data={OUTCOMES.map((value) => ({ value, label: t.outcomes[value] }))}
        value={outcome}
        onChange={(value) => value && setOutcome(value as HandoffOutcome)}
        allowDeselect={false}
      />
      <NoteField
        focused
        label={t.dialogs.resolveNote}
        hint={t.dialogs.resolveNoteHint}
        value={note}
        onChange={setNote}
      />
    </AskDialog>
  );
}
