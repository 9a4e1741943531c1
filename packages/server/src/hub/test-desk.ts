import type { IntegrationId, Millis, WorkspaceId } from '@baton/core';
import { AdapterFailure } from '#ports/failure.ts';
import type { Desks } from './desks.ts';

/** What came of a harmless call to a desk, in words for the person who connects it. */
export interface Tested {
  ok: boolean;
  message: string;
  ms: Millis;
}

/** Does the desk answer, and does it know our credentials? Null: there is no such desk, or it is switched off. */
export async function testDesk(
  desks: Pick<Desks, 'get'>,
  now: () => Millis,
  workspace: WorkspaceId,
  id: IntegrationId,
): Promise<Tested | null> {
  const began = now();
  try {
    const desk = await desks.get(workspace, id);
    if (!desk) return null;
    const message = await desk.test();
    return { ok: true, message, ms: now() - began };
  } catch (error) {
    if (!(error instanceof AdapterFailure)) throw error;
    return { ok: false, message: error.message, ms: now() - began };
  }
}
