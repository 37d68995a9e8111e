// What the script says about a request, before the double decides anything itself.

import type { OutcomeParams, Unit } from "@pass-tpe/protocol";
import { problemReply, type Reply } from "./answers.js";
import { type DoubleOperation, isProblemCode } from "./codes.js";
import type { Asked } from "./cover.js";
import type { GatewayParts } from "./parts.js";
import type { ScriptedAnswer } from "./script.js";
import { standIns } from "./stand-ins.js";

/** What the script has for this operation; a problem is answered at once, and never stored. */
export function takeScripted(
  { script }: Pick<GatewayParts, "script">,
  operation: DoubleOperation,
): { readonly answer: ScriptedAnswer; readonly problem: Reply | null } | null {
  const answer = script.takeAnswer(operation);
  if (answer === null) return null;
  const { code, retryAfterMs } = answer;
  if (!isProblemCode(code)) return { answer, problem: null };
  const detail = "The test told the gateway double to answer so.";
  return { answer, problem: problemReply({ code, detail, retryAfterMs }) };
}

/** The figures of a scripted answer: those that the test gave, and made-up ones where a text needs more. */
export function scriptedParams(
  scripted: ScriptedAnswer,
  about: {
    readonly asked: Asked;
    readonly avantageLabel: string;
    readonly unit: Unit;
    readonly nowMs: number;
  },
): OutcomeParams {
  const { code, operation: _, retryAfterMs: __, ...given } = scripted;
  return { ...standIns({ code, ...about }), ...given };
}
