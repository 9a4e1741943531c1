import { Button } from '@mantine/core';
import type { Command } from '#data/commands.ts';
import type { Stance } from '#data/picture.ts';
import { t } from '#strings/strings.ts';
import { Keys } from '#ui/keys.tsx';

/** In the place of the reply field while somebody else answers: who, and the ways in. */
export function Locked({ stance, deeds }: { stance: Stance; deeds: Command[] }) {
  const ways = ['take', 'watch', 'write-barge'].flatMap((id) => deeds.find((deed) => deed.id === id) ?? []);
  return (
    <>
      <p style={{ flex: '1 1 200px', margin: 0, color: 'var(--dim)' }}>{why(stance)}</p>
      <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8 }}>
        {ways.map((deed) => (
          <Button
            key={deed.id}
            size="compact-sm"
            variant={deed.id === 'take' ? 'light' : 'default'}
            leftSection={deed.icon}
            rightSection={deed.keys && <Keys keys={deed.keys} />}
            onClick={deed.run}
          >
            {deed.label}
          </Button>
        ))}
      </div>
    </>
  );
}

function why(stance: Stance): string {
  switch (stance.is) {
    case 'other':
      return t.composer.locked.other(stance.name);
    case 'bot':
    case 'queue':
    case 'nobody':
    case 'closed':
      return t.composer.locked[stance.is];
    case 'mine':
      return '';
  }
}
