// The first half of a sale or an inquiry: the gate, then evidence from a card or from an earlier presentation.

import type { Evidence, PublicCode, TerminalProfile } from "@pass-tpe/protocol";
import type { TerminalContext } from "../context.js";
import { gatherEvidence } from "./evidence.js";
import { passGate } from "./gate.js";
import type { Purchase } from "./local-checks.js";
import { type HolderPrompts, holderPrompts } from "./prompts.js";
import type { Declined } from "./results.js";
import type { StepClock } from "./step-clock.js";
import { localRefusal, type RefusalTexts } from "./texts.js";

type Presentation =
  | { readonly ok: true; readonly evidence: Evidence; readonly prompts: HolderPrompts }
  | { readonly ok: false; readonly declined: Declined };

/** Nothing is sent to be decided here, so every refusal is one by which nothing moved. */
export async function present(options: {
  context: TerminalContext;
  purchase: Partial<Purchase>;
  proofRef: string | undefined;
  refuse: (profile: TerminalProfile) => PublicCode | null;
  steps: StepClock;
  signal: AbortSignal;
}): Promise<Presentation> {
  const { context, purchase, proofRef, refuse, steps, signal } = options;
  const gate = await passGate({ context, refuse, signal });
  if (!gate.ok) return { ok: false, declined: declinedAs({ ...gate, steps }) };
  const prompts = holderPrompts({ purchase, profile: gate.profile });
  if (proofRef !== undefined)
    return { ok: true, evidence: { type: "proofRef", proofRef }, prompts };
  const gathered = await gatherEvidence({ context, prompts, signal });
  steps.gathered(gathered.timings);
  if (gathered.ok) return { ok: true, evidence: gathered.evidence, prompts };
  const { code, detail } = gathered;
  return { ok: false, declined: declinedAs({ refusal: localRefusal(code), detail, steps }) };
}

/** A result by which nothing moved. */
export function declinedAs(options: {
  id?: string;
  refusal: RefusalTexts;
  detail?: string | undefined;
  steps: StepClock;
}): Declined {
  const { id, refusal, detail, steps } = options;
  return {
    outcome: "declined",
    moneyMoved: "no",
    ...(id === undefined ? {} : { id }),
    ...refusal,
    ...(detail === undefined ? {} : { detail }),
    timings: steps.timings(),
  };
}
