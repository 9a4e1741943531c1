import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sayError } from '#data/api.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';
import classes from './desks.module.css';
import { Told } from './told.tsx';

const words = t.settings.desks;

interface Tried {
  ok: boolean;
  message: string;
  ms: number;
}

/** Calls the desk, and shows what it answered in its own words. */
export function TestConnection({ desk }: { desk: string }) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => call<Tried>('POST', `/v1/integrations/${desk}/test`, { body: {} }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['health', desk] }),
  });
  return (
    <>
      <div className={classes.foot}>
        <Button
          variant="default"
          leftSection={<IconPlugConnected size={17} stroke={1.8} />}
          onClick={() => test.mutate()}
          loading={test.isPending}
        >
          {words.test}
        </Button>
      </div>
      {test.error && (
        <Told tone="bad" title={words.testFailed}>
          <p>{sayError(test.error)}</p>
        </Told>
      )}
      {test.data && !test.isPending && (
        <Told
          tone={test.data.ok ? 'good' : 'bad'}
          title={test.data.ok ? words.testOk : words.testFailed}
          ms={test.data.ms}
        >
          <p>{test.data.message}</p>
        </Told>
      )}
    </>
  );
}
