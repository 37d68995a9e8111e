// Counts who waits, so that no one source crowds out the others.

import type { Command } from "../core/ports.js";
import { nameOfAsker } from "./asker.js";

/** The most commands of one terminal that may wait: a till makes one sale at a time, and none may crowd out others. */
export const WAITING_PER_TERMINAL_MAX = 64;

/** The most events of one agent that may wait: a bulk load keeps a few commits' worth under way. */
export const WAITING_PER_AGENT_MAX = 256;

/** The most events of all agents that may wait: many bulk loads at once do not fill what tills need. */
export const EVENTS_WAITING_MAX = 512;

interface Turnstile {
  /** False where too much of the same source waits already; nothing was counted then. */
  enter(command: Command): boolean;
  leave(command: Command): void;
}

export function createTurnstile(): Turnstile {
  const waiting = new Map<string, number>();
  const count = (source: string) => waiting.get(source) ?? 0;
  return {
    enter(command) {
      const limits = limitsOf(command);
      if (limits.some(({ source, max }) => count(source) >= max)) return false;
      for (const { source } of limits) waiting.set(source, count(source) + 1);
      return true;
    },
    leave(command) {
      for (const { source } of limitsOf(command)) {
        const left = count(source) - 1;
        if (left <= 0) waiting.delete(source);
        else waiting.set(source, left);
      }
    },
  };
}

interface Limit {
  readonly source: string;
  readonly max: number;
}

function limitsOf(command: Command): readonly Limit[] {
  if (command.type !== "load")
    return [{ source: sourceOf(command), max: WAITING_PER_TERMINAL_MAX }];
  return [
    { source: `agent ${command.agent.id}`, max: WAITING_PER_AGENT_MAX },
    { source: "all agents", max: EVENTS_WAITING_MAX },
  ];
}

/** The terminal that waits, or the agent who asks in the place of one. */
function sourceOf(command: Exclude<Command, { type: "load" }>): string {
  if (!("asker" in command)) return `terminal ${command.terminalId}`;
  // Apart from the same agent's events, of which a bulk load keeps many waiting.
  return `what is asked for by ${nameOfAsker(command.asker)}`;
}
