import type { Agent, Integration, Key, Queue, Session, Webhook, Workspace } from '@baton/protocol';
import { notifications } from '@mantine/notifications';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { t } from '#strings/strings.ts';
import type { Call, Method } from './api.ts';
import { sessionQuery } from './session.ts';
import { useConsole } from './use.ts';

/** What the settings read. Lists of a workspace's own making are short: one page of them is all. */
interface Lists {
  agents: Agent;
  queues: Queue;
  integrations: Integration;
  keys: Key;
  webhooks: Webhook;
}

const LIMIT = 100;

function listQuery<K extends keyof Lists>(call: Call, kind: K) {
  return queryOptions({
    queryKey: [kind, 'settings'],
    queryFn: async ({ signal }) => {
      const query = { limit: LIMIT, ...(kind === 'agents' && { disabled: 'true' }) };
      return (await call<{ items: Lists[K][] }>('GET', `/v1/${kind}`, { query, signal })).items;
    },
  });
}

export function useList<K extends keyof Lists>(kind: K) {
  const { call } = useConsole();
  return useQuery(listQuery(call, kind));
}

export function useWorkspace() {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['workspace'],
    queryFn: ({ signal }) => call<Workspace>('GET', '/v1/workspace', { signal }),
  });
}

interface Change {
  method: Method;
  path: string;
  body?: unknown;
}

/**
 * A change of the settings: what it touches is read again, and success is said.
 * @param quiet the caller shows the result himself.
 */
export function useChange<T = unknown>(kind: keyof Lists | 'workspace' | 'session', { quiet = false } = {}) {
  const { call } = useConsole();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: Change) => call<T>(method, path, { body }),
    onSuccess: async (result) => {
      if (kind === 'session') queries.setQueryData(sessionQuery.queryKey, result as Session);
      else await queries.invalidateQueries({ queryKey: [kind] });
      if (!quiet) notifications.show({ color: 'teal', message: t.settings.saved, autoClose: 2_000 });
    },
  });
}
