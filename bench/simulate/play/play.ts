import { Witness } from '#bench/simulate/proof/witness.ts';
import type { Script } from '#bench/simulate/script/script.ts';
import { Pulse } from './pulse.ts';
import type { ConversationId } from './wire.ts';

/** An agent's part in a conversation: from his acceptance until he closed it, gave it back or lost it. */
export interface StintRecord {
  agent: string;
  witness: Witness;
  /** Control has come to him. */
  began: boolean;
  /** His connection stands. */
  readonly live: boolean;
}

/**
 * One conversation of a run: its script, and what its sides leave behind for each other and for the proof. The players
 * talk by Baton alone; what they share here is the script, and when to stop.
 */
export class Play {
  readonly script: Script;
  readonly witness = new Witness();
  readonly stints: StintRecord[] = [];
  /** Beats whenever one of its sides saw or did something. */
  readonly pulse = new Pulse();
  conversation: ConversationId | null = null;
  /** The customer's connection stands. */
  live: () => boolean = () => false;
  /** The customer has said everything. */
  customerSilent = false;
  /** The first agent who was asked has declined, as the script wanted. */
  declined = false;
  /** The customer asked for a person because the script made him: clientIds, and whether he pressed the button. */
  readonly askIds = new Set<string>();
  /** When a message was handed to a socket, in milliseconds of this process; by clientId. */
  readonly sentAt = new Map<string, number>();
  /** Turns after which the bot, or the agent, said nothing for so long that the customer went on. */
  readonly silences = { bot: 0, agent: 0 };
  customerCuts = 0;
  agentCuts = 0;
  readonly #lines = new Map<string, number>();

  constructor(script: Script) {
    this.script = script;
  }

  /** The message of this id is line `index` of the script. */
  isLine(clientId: string, index: number): void {
    this.#lines.set(clientId, index);
  }

  /** What an agent answers to a message, by the dialogue; empty where the dialogue does not say. */
  answersTo(clientId: string | undefined): string[] {
    const index = clientId === undefined ? undefined : this.#lines.get(clientId);
    return index === undefined ? [] : (this.script.lines[index]?.answers ?? []);
  }
}
