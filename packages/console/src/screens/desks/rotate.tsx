import type { Adapter, Integration } from '@baton/protocol';
import { Button, Modal } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useChange } from '#data/admin.ts';
import { Confirm } from '#screens/settings/confirm.tsx';
import page from '#screens/settings/page.module.css';
import { Copied } from '#screens/settings/secret.tsx';
import { t } from '#strings/strings.ts';
import classes from './desks.module.css';

const words = t.settings.desks;

/** Secrets that Baton makes are made anew: shown this one time. */
export function Rotate({ desk, adapter }: { desk: Integration; adapter: Adapter }) {
  const change = useChange<Integration>('integrations', { quiet: true });
  const [asking, setAsking] = useState<string | null>(null);
  const [made, setMade] = useState<{ label: string; text: string } | null>(null);
  const labelOf = (name: string) => (name === 'inboundSecret' ? words.inboundUrl : words.madeSecret);
  const rotate = (name: string) =>
    change.mutate(
      { method: 'PATCH', path: `/v1/integrations/${desk.id}`, body: { config: { [name]: null } } },
      {
        onSuccess: ({ config, inboundUrl }) => {
          setAsking(null);
          const text = name === 'inboundSecret' ? (inboundUrl ?? '') : String(config[name]);
          setMade({ label: labelOf(name), text });
        },
      },
    );
  return (
    <div className={classes.foot}>
      {adapter.made.map((name) => (
        <Button
          key={name}
          variant="default"
          size="compact-sm"
          leftSection={<IconRefresh size={15} stroke={1.8} />}
          onClick={() => setAsking(name)}
        >
          {words.rotateOf(labelOf(name))}
        </Button>
      ))}
      <Confirm
        opened={asking !== null}
        title={words.rotateTitle(labelOf(asking ?? ''))}
        text={words.rotateText}
        submit={words.rotate}
        busy={change.isPending}
        error={change.error}
        onClose={() => setAsking(null)}
        onConfirm={() => asking && rotate(asking)}
      />
      {/* Not closed by a click beside it: it is shown this one time. */}
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title={words.rotated}
        size={560}
        closeOnClickOutside={false}
      >
        <div className={page.form}>
          {made && <Copied label={made.label} text={made.text} hint={words.madeSecretHint} />}
        </div>
      </Modal>
    </div>
  );
}
