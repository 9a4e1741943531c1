import type { Shift } from '@baton/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useConsole } from './use.ts';

const DAY = 86_400_000;
/** Pages of 100; a week with more shifts than this is shown in part. */
const MOST_PAGES = 10;

/** The shifts of the seven days from `from` on. */
export function useShifts(from: number) {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['shifts', from],
    queryFn: async ({ signal }) => {
      const shifts: Shift[] = [];
      let after: string | undefined;
      for (let page = 0; page < MOST_PAGES; page++) {
        const query = {
          from: new Date(from).toISOString(),
          to: new Date(from + 7 * DAY).toISOString(),
          limit: 100,
          after,
        };
        const { items, next } = await call<{ items: Shift[]; next: string | null }>('GET', '/v1/shifts', {
          query,
          signal,
        });
        shifts.push(...items);
        if (next === null) break;
        after = next;
      }
      return shifts;
    },
  });
}

export interface RosterFile {
  csv: string;
  zone: string;
  replace?: boolean;
}

/** Brings shifts as CSV: the server knows the clocks of all zones. */
export function useImport() {
  const { call } = useConsole();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: RosterFile) => call<{ added: number; removed: number }>('POST', '/v1/shifts/import', { body }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['shifts'] }),
  });
}

export function useRemoveShift() {
  const { call } = useConsole();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => call('DELETE', `/v1/shifts/${id}`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['shifts'] }),
  });
}

/** Monday 00:00 of the week that `at` is in, by the clock of this browser; `weeks` later. */
export function weekOf(at: number, weeks = 0): number {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7) + weeks * 7);
  return day.getTime();
}
