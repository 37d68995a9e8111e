// One capture or refund decided and answered again: in what the stored row is another.

import { captureAnswer, refundAnswer } from "../core/after-sale-answers.js";
import { capture } from "../core/capture.js";
import type { Programme } from "../core/programme.js";
import { refund } from "../core/refund.js";
import type { LedgerAttempt, OperationRow } from "./driver.js";
import { type OperationInput, parseOperationInput } from "./operation-input.js";
import { answerDifferences } from "./replay-attempt.js";
import { receiptOf } from "./sale-file.js";

/** In what an operation is another than what is decided again from its stored input, in words. */
export function operationDifferences(
  row: LedgerAttempt,
  operation: OperationRow,
  programme: Programme,
): readonly string[] {
  const name = operation.kind === "capture" ? "its capture" : `its refund ${operation.id}`;
  const input = readInput(operation);
  if (input === null) return [`${name}: its stored input cannot be decided`];
  const again = decidedAgain(row, operation, { input, programme });
  if (again === null) return [`${name} was made, and would be refused now`];
  const moved =
    again.units === operation.units ? [] : [`moved ${operation.units}, now ${again.units}`];
  const asked = input.asked.amountCents ?? input.asked.quantity;
  const isAsMade = operation.asked === asked && operation.atMs === input.nowMs;
  const found = [
    ...moved,
    ...(isAsMade ? [] : ["is stored with another wish or instant than it was decided from"]),
    ...answerDifferences(operation.answer, again.answer),
  ];
  return found.map((difference) => `${name} ${difference}`);
}

/** The units that are decided again, and the answer to them; null where it would be refused. */
function decidedAgain(
  row: LedgerAttempt,
  operation: OperationRow,
  { input, programme }: { readonly input: OperationInput; readonly programme: Programme },
): { readonly units: number; readonly answer: object } | null {
  const { avantage, id: of } = row.attempt;
  const rule = programme.avantages.get(avantage ?? "");
  const made = { avantage, receipt: receiptOf(row), programme, nowMs: input.nowMs };
  if (operation.kind === "capture") {
    const captured = rule && capture({ ...input, rule });
    if (!captured || "refusal" in captured) return null;
    const { units, figures } = captured;
    return { units, answer: captureAnswer(of, { ...made, code: "CAPTURED", figures }) };
  }
  const refunded = refund({ ...input, rule: rule ?? { singleUse: false } });
  if ("refusal" in refunded) return null;
  const { units, figures } = refunded;
  const { id } = operation;
  return { units, answer: refundAnswer({ id, of }, { ...made, code: "REFUNDED", figures }) };
}

function readInput({ input }: OperationRow): OperationInput | null {
  try {
    return parseOperationInput(input);
  } catch {
    return null;
  }
}
