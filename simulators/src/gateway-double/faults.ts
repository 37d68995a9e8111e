// What can go wrong between till and gateway, each by a name of its own.

import { SALE_DEADLINE_MS } from "@pass-tpe/protocol";
import type { DoubleOperation } from "./codes.js";

/** How late a `delay` answers where the test does not say. */
const DEFAULT_DELAY_MS = 1_000;

/** How late a `lateReply` answers: later than a till waits that keeps to the usual deadline. */
const LATE_MS = SALE_DEADLINE_MS + DEFAULT_DELAY_MS;

/** Whether anything was decided, and whether the till can read what it came to. */
interface FaultSpec {
  readonly isDecided: boolean;
  readonly isHeard: boolean;
}

/**
 * - `unreachable`: no connection comes about, nothing left the terminal.
 * - `connectionReset`: the request is lost with the connection, nothing was decided.
 * - `timeout`: no answer ever comes, nothing was decided.
 * - `http503`: something between answers 503 in HTML, as a proxy does; with Retry-After where `retryAfterMs` says so.
 * - `delay`: decided at once, answered later.
 * - `lateReply`: decided at once, answered when the till has given up.
 * - `lostReply`: decided and stored, but the connection breaks before the answer.
 * - `cutReply`: decided and stored, but the connection breaks in the middle of the answer's body.
 * - `garbage`: decided and stored, but what arrives as the answer is no JSON.
 * - `wrongId`: decided and stored, but the answer names another id.
 * - `duplicate`: the request arrives twice; the second answer is the one that is sent.
 * - `splitReply`: the answer arrives byte by byte.
 * - `newerGateway`: the answer has a code and fields that no till knows yet; its class (field 39) stays.
 */
const SPECS = {
  unreachable: { isDecided: false, isHeard: false },
  connectionReset: { isDecided: false, isHeard: false },
  timeout: { isDecided: false, isHeard: false },
  http503: { isDecided: false, isHeard: false },
  delay: { isDecided: true, isHeard: true },
  lateReply: { isDecided: true, isHeard: false },
  lostReply: { isDecided: true, isHeard: false },
  cutReply: { isDecided: true, isHeard: false },
  garbage: { isDecided: true, isHeard: false },
  wrongId: { isDecided: true, isHeard: false },
  duplicate: { isDecided: true, isHeard: true },
  splitReply: { isDecided: true, isHeard: true },
  newerGateway: { isDecided: true, isHeard: true },
} as const satisfies Record<string, FaultSpec>;

/** What can go wrong on the way. */
export type Fault = keyof typeof SPECS;

/** Every fault that the double can be told to make. */
export const FAULTS = Object.keys(SPECS) as readonly Fault[];

/** The faults by which a request comes to no decision. */
export type UndecidedFault = {
  [F in Fault]: (typeof SPECS)[F]["isDecided"] extends false ? F : never;
}[Fault];

/** Whether the request comes to a decision, whatever becomes of its answer. */
export function isDecided(fault: Fault): fault is Exclude<Fault, UndecidedFault> {
  return SPECS[fault].isDecided;
}

/** Whether the till can read the answer in time. */
export function isHeard(fault: Fault): boolean {
  return SPECS[fault].isHeard;
}

export interface FaultOptions {
  /** Default `authorize`. */
  readonly operation?: DoubleOperation;
  /** How many requests in a row it meets. Default 1. */
  readonly times?: number;
  /** For `delay`, by default a second, and `lateReply`, by default a second more than a till waits. */
  readonly delayMs?: number;
  /** For `http503`. By default it does not say when to come again. */
  readonly retryAfterMs?: number;
}

export interface PlannedFault {
  readonly fault: Fault;
  readonly operation: DoubleOperation;
  readonly delayMs: number;
  readonly retryAfterMs: number | undefined;
}

/** A fault that waits for its request. */
export function planned(fault: Fault, options: FaultOptions): PlannedFault {
  const usualMs = fault === "lateReply" ? LATE_MS : DEFAULT_DELAY_MS;
  const { operation = "authorize", delayMs = usualMs, retryAfterMs } = options;
  return { fault, operation, delayMs, retryAfterMs };
}
