import { useInfiniteQuery } from '@tanstack/react-query';
import { useConsole } from './use.ts';

/** Items of a list that are read at once. */
const AT_ONCE = 20;

/**
 * A list that is read on by pages, newest first.
 * @param key what it is a list of, for what has to be read again; with its filter
 */
export function usePages<T>(key: readonly unknown[], path: string, filter: Record<string, string | undefined> = {}) {
  const { call } = useConsole();
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      call<{ items: T[]; next: string | null }>('GET', path, {
        query: { limit: AT_ONCE, after: pageParam, ...filter },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    staleTime: 0,
  });
  return { ...query, all: query.data?.pages.flatMap(({ items }) => items) ?? [] };
}
