import type { PlanAnswer, PlanInput } from '@baton/protocol';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { t } from '#strings/strings.ts';
import { HERE } from './reports.ts';
import { useConsole } from './use.ts';

export interface PlanBegin {
  input: PlanInput;
  /** What is set and cannot be played. */
  notPlayed: (keyof typeof t.reports.planning.settings.cannot)[];
  /** What it rests on. */
  measured: { customers: number; chats: number; agents: number };
}

/** A plan of one's own measures, to begin with. What was changed in it stays until another queue is chosen. */
export function usePlanInput(queue: string | null) {
  const { call } = useConsole();
  return useQuery({
    queryKey: ['plan', queue],
    queryFn: ({ signal }) =>
      call<PlanBegin>('GET', '/v1/reports/plan', { query: { zone: HERE, ...(queue !== null && { queue }) }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function usePlan() {
  const { call } = useConsole();
  return useMutation({ mutationFn: (body: PlanInput) => call<PlanAnswer>('POST', '/v1/reports/plan', { body }) });
}
