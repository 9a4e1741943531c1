import type { Session } from '@baton/protocol';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiProblem, createCall } from './api.ts';

const call = createCall(globalThis.fetch.bind(globalThis), () => {});

/** Who is logged in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await call<Session>('GET', '/v1/session');
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  retry: 1,
});

export function useLogin() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => call<Session>('POST', '/v1/session', { body }),
    onSuccess: (session) => queries.setQueryData(sessionQuery.queryKey, session),
  });
}

export function useLogout() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call('DELETE', '/v1/session'),
    // Also when the hub is away: whoever leaves the screen must not leave his conversations on it.
    onSettled: () => {
      queries.clear();
      queries.setQueryData(sessionQuery.queryKey, null);
    },
  });
}
