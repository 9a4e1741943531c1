import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useMemo } from 'react';
import { deliveriesQuery } from '#data/desks.ts';
import { conversationQuery, integrationsQuery } from '#data/detail.ts';
import { type Reach, reachOf } from '#data/reach.ts';
import type { ConversationId } from '#data/state.ts';
import { useConsole } from '#data/use.ts';
import { t } from '#strings/strings.ts';

interface Known {
  conversation: ConversationId;
  reach: ReadonlyMap<number, Reach>;
  nameOf(desk: string): string;
}

const ReachContext = createContext<Known | null>(null);

/** What of this conversation reached outside desks; asked for only where one has, or had, a part in it. */
export function ReachProvider({
  id,
  head,
  children,
}: {
  id: ConversationId;
  /** seq of the last event: with each there may be more to bring. */
  head: number;
  children: ReactNode;
}) {
  const { call } = useConsole();
  const queries = useQueryClient();
  const { data: detail } = useQuery(conversationQuery(call, id));
  const atDesk = Boolean(detail?.handoff?.desk ?? detail?.lastHandoff?.desk);
  const { data: deliveries } = useQuery({ ...deliveriesQuery(call, id), enabled: atDesk });
  const { data: integrations } = useQuery({ ...integrationsQuery(call), enabled: atDesk });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each event there may be more to bring
  useEffect(() => {
    if (!atDesk) return;
    // What has just been written is noted by the hub a moment later.
    const timer = setTimeout(() => void queries.invalidateQueries({ queryKey: ['deliveries', id] }), 400);
    return () => clearTimeout(timer);
  }, [queries, id, head, atDesk]);
  const known = useMemo(
    () => ({
      conversation: id,
      reach: reachOf(deliveries ?? []),
      nameOf: (desk: string) => integrations?.find((one) => one.id === desk)?.name ?? t.settings.desks.placeGone,
    }),
    [id, deliveries, integrations],
  );
  return <ReachContext value={known}>{children}</ReachContext>;
}

/** Null where no desk has a part in it. */
export function useReach(): Known | null {
  return use(ReachContext);
}
