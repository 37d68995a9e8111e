// How a fault that strikes is told in the trace, by kind, and how often each kind struck is read from there.

import type { Hands } from "../hands.js";

/** Every kind of fault that a plan can have. */
export const FAULT_KINDS = [
  "partition",
  "refuse",
  "loseUp",
  "loseDown",
  "slow",
  "cutUp",
  "cutDown",
  "duplicate",
  "gatewayDies",
  "gatewayDiesBeforeCommit",
  "gatewayDiesWithinCommit",
  "gatewayDiesAfterCommit",
  "commitFull",
  "commitDoubtKept",
  "commitDoubtLost",
  "slowCommit",
  "terminalDies",
  "terminalDiesAtDisk",
  "terminalDiskFails",
  "gatewaySkew",
  "terminalSkew",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Tells that a fault strikes. */
export function tell(hands: Pick<Hands, "say">, kind: FaultKind, what: string): void {
  hands.say(`${kind}: ${what}`);
}

const TOLD = /^ *[0-9.]+ fault: ([A-Za-z]+): /;

/** How often each kind of fault struck, by the trace of a day. */
export function struckFaults(trace: readonly string[]): Readonly<Record<FaultKind, number>> {
  const counts = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<
    FaultKind,
    number
  >;
  for (const line of trace) {
    const kind = TOLD.exec(line)?.[1];
    if (isKind(kind)) counts[kind] += 1;
  }
  return counts;
}

const isKind = (text: string | undefined): text is FaultKind =>
  FAULT_KINDS.some((kind) => kind === text);
