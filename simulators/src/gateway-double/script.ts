// What the test has told the double to do next: outcomes in order, a standing outcome, faults of the network.

import type { OutcomeParams } from "@pass-tpe/protocol";
import { assertAnswerable, type DoubleOperation, type GatewayCode, operationOf } from "./codes.js";
import { type Fault, type FaultOptions, type PlannedFault, planned } from "./faults.js";

/** One outcome as the test wants it. Figures that are left out are made up to fit. */
export interface ScriptedAnswer extends OutcomeParams {
  readonly code: GatewayCode;
  /** What it answers. Default: what the code is for, mostly `authorize`. */
  readonly operation?: DoubleOperation;
  readonly retryAfterMs?: number;
}

/** The most outcomes, and the most faults, that may stand in line: more is a loop in the test. */
export const SCRIPT_MAX = 1_000;

type Queued = ScriptedAnswer & { readonly operation: DoubleOperation };

export class Script {
  #answers: Queued[] = [];
  #standing: Queued | null = null;
  #faults: PlannedFault[] = [];

  /** @throws RangeError when no gateway gives this code to this operation, or the line is full. */
  next(answer: ScriptedAnswer): void {
    this.#answers.push(checked(answer));
    assertRoom(this.#answers);
  }

  /** @throws RangeError when no gateway gives this code to this operation. */
  stand(answer: ScriptedAnswer | null): void {
    this.#standing = answer === null ? null : checked(answer);
  }

  /** @throws RangeError when `times` is no count, or the line is full. */
  fail(fault: Fault, options: FaultOptions): void {
    const { times = 1 } = options;
    if (!Number.isSafeInteger(times) || times < 1 || times > SCRIPT_MAX) {
      throw new RangeError(`gateway double: times must be 1 to ${SCRIPT_MAX}, not ${times}`);
    }
    for (let made = 0; made < times; made += 1) this.#faults.push(planned(fault, options));
    assertRoom(this.#faults);
  }

  /** Takes the outcome for this request out of the line; the standing one stays. */
  takeAnswer(operation: DoubleOperation): ScriptedAnswer | null {
    const first = takeFirst(this.#answers, operation);
    if (first !== null) return first;
    return this.#standing?.operation === operation ? this.#standing : null;
  }

  takeFault(operation: DoubleOperation): PlannedFault | null {
    return takeFirst(this.#faults, operation);
  }

  clear(): void {
    this.#answers = [];
    this.#standing = null;
    this.#faults = [];
  }
}

function checked(answer: ScriptedAnswer): Queued {
  const { operation = operationOf(answer.code) } = answer;
  assertAnswerable(answer.code, operation);
  return { ...answer, operation };
}

function takeFirst<T extends { readonly operation: DoubleOperation }>(
  line: T[],
  operation: DoubleOperation,
): T | null {
  const index = line.findIndex((one) => one.operation === operation);
  return index < 0 ? null : (line.splice(index, 1)[0] ?? null);
}

function assertRoom(line: readonly unknown[]): void {
  if (line.length > SCRIPT_MAX) {
    throw new RangeError(`gateway double: more than ${SCRIPT_MAX} wait; is there a loop?`);
  }
}
