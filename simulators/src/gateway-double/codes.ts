// Which public codes a gateway gives, in answer to what, and which of them are problem documents.

import { type OUTCOMES, outcomeSpec, PUBLIC_CODES, type PublicCode } from "@pass-tpe/protocol";

/** What a terminal asks; the names are the operation ids of the OpenAPI document. */
export type DoubleOperation =
  | "authorize"
  | "status"
  | "reverse"
  | "capture"
  | "refund"
  | "reconcile"
  | "inquire"
  | "terminalProfile";

/** The operations that decide nothing: they tell what is stored. */
const TELLING: readonly DoubleOperation[] = ["status", "reconcile", "terminalProfile"];

type TerminalCode = Extract<(typeof OUTCOMES)[number], { givenBy: "terminal" }>["code"];

/** A code that comes from the gateway. The terminal gives the others itself, before or without an answer. */
export type GatewayCode = Exclude<PublicCode, TerminalCode>;

/** Whether a public code comes from the gateway. */
function isGatewayCode(code: PublicCode): code is GatewayCode {
  return outcomeSpec(code).givenBy !== "terminal";
}

/** Every code that the double can be told to give, in order of precedence. */
export const GATEWAY_CODES: readonly GatewayCode[] = PUBLIC_CODES.filter(isGatewayCode);

/** What is not a decision, with its HTTP status. Everything else is a decision, and a decision is 200. */
const PROBLEM_STATUS = {
  FORMAT_ERROR: 400,
  TERMINAL_AUTH_FAILED: 401,
  TERMINAL_NOT_AUTHORISED: 403,
  ORIGINAL_NOT_FOUND: 404,
  DUPLICATE_CONFLICT: 409,
  RATE_LIMITED: 429,
  SYSTEM_ERROR: 500,
  IN_PROGRESS: 503,
  MAINTENANCE: 503,
} as const satisfies Partial<Record<GatewayCode, number>>;

export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** Whether a code is given as a problem document. */
export function isProblemCode(code: PublicCode): code is ProblemCode {
  return code in PROBLEM_STATUS;
}

/** The HTTP status of a problem. */
export function problemStatusOf(code: ProblemCode): number {
  return PROBLEM_STATUS[code];
}

/** The operation that a code answers, where nothing else is said. */
export function operationOf(code: GatewayCode): DoubleOperation {
  switch (code) {
    case "REVERSED":
    case "REVERSAL_TOO_LATE":
    case "ORIGINAL_NOT_FOUND":
      return "reverse";
    case "CAPTURED":
    case "NOTHING_TO_CAPTURE":
    case "ALREADY_CAPTURED":
    case "HOLD_EXPIRED":
    case "CAPTURE_OVER_HOLD":
      return "capture";
    case "REFUNDED":
    case "NOTHING_TO_REFUND":
    case "REFUND_OVER_CAPTURED":
      return "refund";
    case "INQUIRY_ANSWERED":
      return "inquire";
    default:
      return "authorize";
  }
}

/**
 * Checks that a gateway could give this code to this operation.
 *
 * @throws RangeError that tells the author of the test what to change.
 */
export function assertAnswerable(code: PublicCode, operation: DoubleOperation): void {
  if (!isGatewayCode(code)) {
    throw new RangeError(
      `gateway double: ${code} comes from the terminal itself; bring about what causes it, for instance with fail()`,
    );
  }
  if (isProblemCode(code)) return;
  if (TELLING.includes(operation)) {
    throw new RangeError(`gateway double: ${operation} decides nothing; script a problem's code`);
  }
  const isApproval = outcomeSpec(code).kind === "approval";
  if (isApproval && operationOf(code) !== operation) {
    throw new RangeError(`gateway double: ${code} answers ${operationOf(code)}, not ${operation}`);
  }
}
