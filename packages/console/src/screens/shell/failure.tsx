import { Button } from '@mantine/core';
import { IconMoodConfuzed } from '@tabler/icons-react';
import { useState } from 'react';
import { sayError } from '#data/api.ts';
import { isReachable } from '#data/part.ts';
import { t } from '#strings/strings.ts';
import { Empty } from '#ui/empty.tsx';

interface FailureProps {
  /** Left out: there is nothing at this address. */
  error?: unknown;
}

/** A screen that could not be shown: no network at the start, an address that does not exist, or a bug of ours. */
export function Failure({ error }: FailureProps) {
  return (
    <main style={{ height: '100dvh' }}>
      <Why error={error} />
    </main>
  );
}

/** The same in the place of one screen: lists, offers and the line to the hub live on beside it. */
export function ScreenFailure({ error }: FailureProps) {
  return <Why error={error} />;
}

function Why({ error }: FailureProps) {
  const [away, setAway] = useState(false);
  const again = async () => {
    // A reload without a connection would leave nothing on the screen.
    if (await isReachable()) location.reload();
    else setAway(true);
  };
  return (
    <Empty
      icon={<IconMoodConfuzed size={24} />}
      title={error ? t.failure.title : t.failure.notFound}
      text={error ? (away ? t.failure.away : sayError(error)) : undefined}
    >
      <Button mt="md" onClick={() => (error ? void again() : location.assign('/console/'))}>
        {error ? t.retry : t.failure.home}
      </Button>
    </Empty>
  );
}
