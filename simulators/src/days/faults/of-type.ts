// Picks the faults of one kind out of a plan, and names terminals as the world does.

import type { Fault } from "../plan.js";

const PREFIX = "terminal-";

/** The name of a terminal by its place in a plan. */
export const terminalName = (place: number): string => `${PREFIX}${place}`;

/** The place of a terminal in a plan by its name. */
export const placeOf = (terminal: string): number => Number(terminal.slice(PREFIX.length));

/** The faults of one type. */
export function faultsOf<T extends Fault["type"]>(
  faults: readonly Fault[],
  type: T,
): readonly Extract<Fault, { type: T }>[] {
  return faults.filter((fault): fault is Extract<Fault, { type: T }> => fault.type === type);
}
