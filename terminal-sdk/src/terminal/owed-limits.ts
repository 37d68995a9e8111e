// Refuses new work while too much of the old still waits for the gateway.

import { OWED_MAX } from "../client/owed-queue.js";
import type { TerminalContext } from "../context.js";
import { PassTpeError } from "../errors.js";

/** Before a sale. @throws PassTpeError `REVERSALS_OWED`. */
export function refuseWhenManyOwed({ owed: { count } }: Pick<TerminalContext, "owed">): void {
  if (count < OWED_MAX) return;
  const detail = `${count} sales in doubt wait for the gateway; mend the connection first`;
  throw new PassTpeError({ code: "REVERSALS_OWED", detail });
}

/** Before a capture or a refund. @throws PassTpeError `ANSWERS_OWED`. */
export function refuseWhenUnanswered({
  captures,
  refunds,
}: Pick<TerminalContext, "captures" | "refunds">): void {
  const count = captures.count + refunds.count;
  if (count < OWED_MAX) return;
  const detail = `${count} captures and refunds wait for the gateway; mend the connection first`;
  throw new PassTpeError({ code: "ANSWERS_OWED", detail });
}
