import type { ConversationSummary } from '@baton/protocol';
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';

/** As the API takes it (protocol: FlagInput). */
const NAME = /^[a-z0-9][a-z0-9_.:-]{0,49}$/i;

export function FlagDialog({
  opened,
  row,
  onClose,
}: {
  opened: boolean;
  row: ConversationSummary;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [problem, setProblem] = useState<string | undefined>();
  const frame = () => {
    const name = typed.trim().replace(/\s+/g, '_');
    setProblem(NAME.test(name) ? undefined : t.dialogs.flagInvalid);
    return NAME.test(name) ? ({ type: 'flag', conversation: row.id, name } as const) : null;
  };
  return (
    <AskDialog opened={opened} onClose={onClose} title={t.dialogs.flagTitle} submit={t.deeds.flag} frame={frame}>
      <TextInput
        data-autofocus
        label={t.dialogs.flagName}
        description={t.dialogs.flagHint}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        error={problem}
        autoComplete="off"
      />
    </AskDialog>
  );
}
