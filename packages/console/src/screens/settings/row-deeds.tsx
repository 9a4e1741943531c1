import { Button } from '@mantine/core';
import { useState } from 'react';
import { useChange } from '#data/admin.ts';
import { t } from '#strings/strings.ts';
import { Confirm } from './confirm.tsx';

interface RowDeedsProps {
  list: Parameters<typeof useChange>[0];
  /** Of the thing itself. */
  path: string;
  /** What is asked before it is removed; null: it cannot be. */
  asked: { title: string; text: string } | null;
  onEdit: () => void;
}

/** At the end of a row: remove, after a question, and edit. */
export function RowDeeds({ list, path, asked, onEdit }: RowDeedsProps) {
  const change = useChange(list);
  const [asking, setAsking] = useState(false);
  return (
    <>
      {asked && (
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsking(true)}>
          {t.settings.remove}
        </Button>
      )}
      <Button variant="default" size="compact-sm" onClick={onEdit}>
        {t.settings.edit}
      </Button>
      {asked && (
        <Confirm
          opened={asking}
          {...asked}
          submit={t.settings.remove}
          busy={change.isPending}
          error={change.error}
          onClose={() => setAsking(false)}
          onConfirm={() => change.mutate({ method: 'DELETE', path })}
        />
      )}
    </>
  );
}
