import type { Command } from './commands.ts';

/** What makes a command the same command. A message is known by its author and the id that its sender gave it. */
export function keyOf(command: Command): string | undefined {
  if (command.key !== undefined) return command.key;
  if (command.type === 'say' && command.clientId !== undefined)
    return `${command.author.role}:${command.author.id}:${command.clientId}`;
  if (command.type === 'barge' && command.clientId !== undefined)
    return `agent:${command.agent.id}:${command.clientId}`;
  return undefined;
}
