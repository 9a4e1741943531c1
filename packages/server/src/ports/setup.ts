/** One step of connecting a desk, for the person who does it. The console shows the steps; a README has the whole story. */
export interface SetupStep {
  title: string;
  /** What to click there, in one to three sentences; names of buttons and fields between two asterisks: `**Inboxes**`. */
  text: string;
  /** Fields of the config whose values this step gives: asked for right below it. */
  fields?: readonly string[];
  /** Something to copy from Baton into the vendor's settings. It is known once the integration has been made. */
  shows?: 'inboundUrl';
}
