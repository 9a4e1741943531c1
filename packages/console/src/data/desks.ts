import type { Adapter, Delivery, IntegrationHealth, Trouble } from '@baton/protocol';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Call } from './api.ts';
import { usePages } from './pages.ts';
import type { ConversationId } from './state.ts';
import { useConsole } from './use.ts';

/** How often an open screen asks how a desk is doing. */
const HEALTH_MS = 5_000;
/** How often an open conversation asks for what is on its way to a desk. */
const UNDER_WAY_MS = 2_000;
/** Deliveries that a conversation's view looks at: the newest. */
const NEWEST = 100;

/** What can be connected. It changes with a new version of the hub only. */
export function useAdapters() {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['adapters'],
    queryFn: async ({ signal }) => (await call<{ items: Adapter[] }>('GET', '/v1/adapters', { signal })).items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** How a desk is doing, renewed while somebody looks. */
export function useHealth(id: string) {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['health', id],
    queryFn: ({ signal }) => call<IntegrationHealth>('GET', `/v1/integrations/${id}/health`, { signal }),
    refetchInterval: HEALTH_MS,
    staleTime: 0,
  });
}

/** What did not reach a desk, by pages. */
export function useTroubles(id: string) {
  return usePages<Trouble>(['troubles', id], `/v1/integrations/${id}/deliveries`);
}

/** What of a conversation reached outside desks, newest first. */
export function deliveriesQuery(call: Call, id: ConversationId) {
  return queryOptions({
    queryKey: ['deliveries', id],
    queryFn: async ({ signal }) => {
      const query = { limit: NEWEST };
      const { items } = await call<{ items: Delivery[] }>('GET', `/v1/conversations/${id}/deliveries`, {
        query,
        signal,
      });
      return items.filter(({ side }) => side.startsWith('desk:'));
    },
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? UNDER_WAY_MS : false),
  });
}

/** On its way, or about to be tried again. */
export function isUnderWay({ state, nextAttemptAt }: Delivery): boolean {
  return state === 'pending' || ((state === 'failed' || state === 'unknown') && nextAttemptAt !== null);
}
