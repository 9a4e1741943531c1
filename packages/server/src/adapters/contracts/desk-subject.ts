import type { DeskTwin } from '#kit/desk-twin.ts';
import type { TwinDelivery } from '#kit/twin-webhooks.ts';
import type { Desk } from '#ports/desk.ts';
import type { TestDeps } from './desk-deps.ts';

/** A desk under test, with its vendor's twin. */
export interface DeskSubject {
  desk: Desk;
  /** The same desk with credentials that the vendor refuses. */
  stranger: Desk;
  twin: DeskTwin;
  deps: TestDeps;
  /**
   * A genuine webhook changed by somebody who does not know the secret, in every way that the vendor's scheme can tell.
   * Empty only where the vendor proves nothing: the secret in the path is then all there is, and the hub checks it.
   */
  forge(genuine: TwinDelivery): TwinDelivery[];
  /** The vendor signs the time, too. */
  signsTime: boolean;
  close(): Promise<void>;
}

export type Get = () => DeskSubject;
