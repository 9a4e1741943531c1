import type { ConversationSummary } from '@baton/protocol';
import type { Stance } from '#data/picture.ts';
import type { DialogName } from './deeds.tsx';
import { FlagDialog } from './dialogs/flag-dialog.tsx';
import { ReleaseDialog } from './dialogs/release-dialog.tsx';
import { ResolveDialog } from './dialogs/resolve-dialog.tsx';
import { TakeDialog } from './dialogs/take-dialog.tsx';
import { TransferDialog } from './dialogs/transfer-dialog.tsx';

interface DialogsProps {
  row: ConversationSummary;
  stance: Stance;
  name: DialogName | null;
  onClose: () => void;
}

/** The deeds that ask something before they are done. */
export function Dialogs({ row, stance, name, onClose }: DialogsProps) {
  return (
    <>
      <TakeDialog
        opened={name === 'take'}
        conversation={row.id}
        holder={stance.is === 'other' ? stance.name : ''}
        onClose={onClose}
      />
      <ReleaseDialog opened={name === 'release'} conversation={row.id} onClose={onClose} />
      <TransferDialog opened={name === 'transfer'} conversation={row.id} onClose={onClose} />
      <ResolveDialog opened={name === 'resolve'} conversation={row.id} onClose={onClose} />
      <FlagDialog opened={name === 'flag'} row={row} onClose={onClose} />
    </>
  );
}
