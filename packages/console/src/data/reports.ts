import type { OverviewReport, WaitReport } from '@baton/protocol';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useConsole } from './use.ts';

export interface ReportSpan {
  days: 7 | 30 | 90;
  /** Null: all of them. */
  queue: string | null;
}

const DAY_MS = 86_400_000;
/** Half a minute old is fresh enough for what happened in weeks. */
const STALE_MS = 30_000;

export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

function useReport<T>(name: 'waits' | 'overview', { days, queue }: ReportSpan) {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['reports', name, days, queue],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - days * DAY_MS).toISOString();
      const query = { from, zone: HERE, ...(queue !== null && { queue }) };
      return call<T>('GET', `/v1/reports/${name}`, { query, signal });
    },
    staleTime: STALE_MS,
    // Another stretch fades in over the one before: no flicker, nothing jumps.
    placeholderData: keepPreviousData,
  });
}

export const useWaitReport = (span: ReportSpan) => useReport<WaitReport>('waits', span);
export const useOverview = (span: ReportSpan) => useReport<OverviewReport>('overview', span);
