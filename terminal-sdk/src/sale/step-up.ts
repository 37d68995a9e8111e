// After a tap above the ceiling of its card: the code secret, and the evidence for the request that follows.

import { type Evidence, type Lines, PROOF_LIFETIME_MS, type PublicCode } from "@pass-tpe/protocol";
import { stepUpNumber } from "@pass-tpe/protocol/standards";
import type { TerminalContext } from "../context.js";
import { askCodeSecret } from "./code-secret.js";
import { declinedAs } from "./presentation.js";
import type { Declined, SaleResult } from "./results.js";
import type { StepClock } from "./step-clock.js";
import { localRefusal } from "./texts.js";

/** A tap that was declined for want of the code secret, and can be followed by it. */
interface Tap {
  readonly id: string;
  readonly proofRef: string;
  /** What was left of the proof's life when the tap's request was decided. */
  readonly proofLeftMs: number;
  readonly declined: Declined;
}

type CodeAfterTap =
  | {
      readonly ok: true;
      readonly asked: { readonly evidence: Evidence; readonly stepUpOf: string };
    }
  | { readonly ok: false; readonly declined: Declined };

const GIVE_A_PIN_PAD = "the code secret must follow this tap: give a pinPad that works";

/** The tap that the code secret has to follow, or null where the result is the sale's. */
export function tapToFollow(result: SaleResult): Tap | null {
  if (result.outcome !== "declined" || result.code !== "PIN_REQUIRED") return null;
  const { id, proofRef } = result;
  if (id === undefined || proofRef === undefined) return null;
  return { id, proofRef, proofLeftMs: proofLeftMs(result), declined: result };
}

/** A proof that comes of an earlier one ends with it. Where the answer does not say, it is taken for a new one. */
function proofLeftMs({ decidedAtMs, proofExpiresAtMs }: Declined): number {
  if (decidedAtMs === undefined || proofExpiresAtMs === undefined) return PROOF_LIFETIME_MS;
  return proofExpiresAtMs - decidedAtMs;
}

/**
 * Asks for the code secret. The pad binds it to the one presentation, as the terminal never learns the number of a
 * tapped card. Whatever keeps it from being typed, nothing moved: the tap's own request was declined.
 */
export async function codeAfterTap(options: {
  context: TerminalContext;
  tap: Tap;
  prompt: Lines;
  /** Monotonic; the tap's request was not decided before this. */
  sentAtMs: number;
  steps: StepClock;
  signal: AbortSignal;
}): Promise<CodeAfterTap> {
  const { context, tap, prompt, sentAtMs, steps, signal } = options;
  const { id: stepUpOf, proofRef } = tap;
  const cardNumber = stepUpNumber(proofRef);
  const refusedAs = (refusal: PublicCode): CodeAfterTap => {
    const declined = declinedAs({ refusal: localRefusal(refusal), steps });
    return { ok: false, declined: { ...declined, stepUpOf } };
  };
  const timeoutMs = timeToType(context, { ...tap, sentAtMs });
  if (timeoutMs <= 0) return refusedAs("PROOF_EXPIRED");
  const question = { context, prompt, cardNumber, timeoutMs, signal };
  const { asked, pinMs } = await askCodeSecret(question);
  steps.typed(pinMs);
  if (asked.ok) {
    const { pinBlock } = asked;
    return { ok: true, asked: { evidence: { type: "proofRef", proofRef, pinBlock }, stepUpOf } };
  }
  if (asked.reason === "failed") {
    const detail = `${GIVE_A_PIN_PAD} (${asked.detail})`;
    return { ok: false, declined: { ...tap.declined, detail, timings: steps.timings() } };
  }
  return refusedAs(asked.reason === "cancelled" ? "PIN_CANCELLED" : "SALE_CANCELLED");
}

/** What is left of the proof's life, less a try's time, so that nobody types a code that comes too late. */
function timeToType(
  { clock, deadlines }: TerminalContext,
  { proofLeftMs, sentAtMs }: Pick<Tap, "proofLeftMs"> & { readonly sentAtMs: number },
): number {
  const sinceMs = clock.monotonicMs() - sentAtMs;
  return Math.min(deadlines.pinMs, proofLeftMs - sinceMs - deadlines.tryMs);
}
