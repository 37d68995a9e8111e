// Counts who waits, so that no one source crowds out the others.

import type { Command } from "../core/ports.js";

/** The most commands of one terminal that may wait: a till makes one sale at a time, and none may crowd out others. */
export const WAITING_PER_TERMINAL_MAX = 64;

/** The most events of one agent that may wait: a bulk load keeps a few commits' worth under way. */
export const WAITING_PER_AGENT_MAX = 256;

export interface Turnstile {
  /** False where too much of the same source waits already; nothing was counted then. */
  enter(command: Command): boolean;
  leave(command: Command): void;
}

export function createTurnstile(): Turnstile {
  const waiting = new Map<string, number>();
  return {
    enter(command) {
      const { source, max } = sourceOf(command);
      const own = waiting.get(source) ?? 0;
      if (own >= max) return false;
      waiting.set(source, own + 1);
      return true;
    },
    leave(command) {
      const { source } = sourceOf(command);
      const left = (waiting.get(source) ?? 1) - 1;
      if (left === 0) waiting.delete(source);
      else waiting.set(source, left);
    },
  };
}

function sourceOf(command: Command): { readonly source: string; readonly max: number } {
  return command.type === "load"
    ? { source: `agent ${command.agent.id}`, max: WAITING_PER_AGENT_MAX }
    : { source: `terminal ${command.terminalId}`, max: WAITING_PER_TERMINAL_MAX };
}
