import { adapterOps } from './adapters.ts';
import { customerOps, integrationOps, keyOps } from './administration.ts';
import { agentOps, sessionOps } from './agents.ts';
import { auditOps } from './audit.ts';
import { botOps } from './bots.ts';
import { conversationOps } from './conversations.ts';
import { deliveryOps } from './deliveries.ts';
import { fileOps } from './files.ts';
import { handoffOps } from './handoffs.ts';
import { messageOps } from './messages.ts';
import { planningOps } from './planning.ts';
import { privacyOps } from './privacy.ts';
import { queueOps } from './queues.ts';
import { reportOps } from './reports.ts';
import { shiftOps } from './shifts.ts';
import { webhookOps } from './webhooks.ts';
import { widgetOps } from './widget.ts';
import { workspaceOps } from './workspace.ts';

/** Every operation of the HTTP API by its name, in the order of the documentation. */
export const ops = {
  ...handoffOps,
  ...conversationOps,
  ...messageOps,
  ...queueOps,
  ...shiftOps,
  ...customerOps,
  ...privacyOps,
  ...agentOps,
  ...sessionOps,
  ...adapterOps,
  ...integrationOps,
  ...deliveryOps,
  ...webhookOps,
  ...keyOps,
  ...auditOps,
  ...reportOps,
  ...planningOps,
  ...workspaceOps,
  ...fileOps,
  ...botOps,
  ...widgetOps,
};

export type Ops = typeof ops;
export type OpName = keyof Ops;
