import { Button } from '@mantine/core';
import { IconMoodConfuzed } from '@tabler/icons-react';
import { sayError } from '#data/api.ts';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';

/** A screen that could not be shown: no network at the start, an address that does not exist, or a bug of ours. */
export function Failure({ error }: { error?: unknown }) {
  return (
    <main style={{ height: '100dvh' }}>
      <Empty
        icon={<IconMoodConfuzed size={24} />}
        title={error ? t.failure.title : t.failure.notFound}
        text={error ? sayError(error) : undefined}
      >
        <Button mt="md" onClick={() => (error ? location.reload() : location.assign('/console/'))}>
          {error ? t.retry : t.failure.home}
        </Button>
      </Empty>
    </main>
  );
}
