import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queuesQuery } from '#data/detail.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole, usePicture } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import { AskDialog } from './ask-dialog.tsx';
import { NoteField, noteOf } from './note-field.tsx';

interface TransferDialogProps {
  opened: boolean;
  conversation: ConversationId;
  onClose: () => void;
}

/** To an agent who is here (he has it at once), or into a queue's line (the customer keeps his age). */
export function TransferDialog({ opened, conversation, onClose }: TransferDialogProps) {
  const [to, setTo] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const targets = useTargets();
  const frame = () => {
    if (!to) return null;
    const target = to.startsWith('agt_') ? { agent: to as `agt_${string}` } : { queue: to as `que_${string}` };
    return { type: 'pass', conversation, to: target, ...noteOf(note) } as const;
  };
  return (
    <AskDialog
      opened={opened}
      onClose={onClose}
      title={t.dialogs.transferTitle}
      submit={t.deeds.transfer}
      frame={frame}
    >
      <Select
        data-autofocus
        label={t.dialogs.transferTo}
        data={targets}
        value={to}
        onChange={setTo}
        searchable
        nothingFoundMessage={t.dialogs.transferNone}
        placeholder={t.dialogs.transferPlaceholder}
        required
        maxDropdownHeight={280}
      />
      <NoteField label={t.dialogs.transferNote} value={note} onChange={setNote} />
    </AskDialog>
  );
}

function useTargets() {
  const { call } = useConsole();
  const team = usePicture((state) => state.team);
  const me = usePicture((state) => state.me?.id);
  const { data: queues = [] } = useQuery(queuesQuery(call));
  return useMemo(() => {
    const agents = Object.values(team)
      .filter((mate) => mate.agent.id !== me && mate.state !== 'offline')
      .sort((a, b) => a.agent.name.localeCompare(b.agent.name))
      .map((mate) => ({
        value: mate.agent.id,
        label: `${mate.agent.name} (${t.presence[mate.state].toLowerCase()}, ${t.presence.load(mate.active, mate.capacity)})`,
      }));
    const lines = queues.map((queue) => ({ value: queue.id, label: queue.name }));
    return [
      { group: t.dialogs.transferAgents, items: agents },
      { group: t.dialogs.transferQueues, items: lines },
    ].filter((group) => group.items.length > 0);
  }, [team, me, queues]);
}
