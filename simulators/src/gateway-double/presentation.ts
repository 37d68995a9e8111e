// How the double takes what a terminal presents: it verifies no card and no PIN, only that a PIN came where one must.

import {
  type Channel,
  type Evidence,
  PROOF_LIFETIME_MS,
  type PublicCode,
} from "@pass-tpe/protocol";
import type { Ledger, Presentation } from "./ledger.js";

export type Presented =
  | { readonly ok: true; readonly presentation: Presentation }
  | { readonly ok: false; readonly code: PublicCode };

/** Takes any well-formed card at its word; a `proofRef` once, while it lives. */
export function takePresentation(options: {
  evidence: Evidence;
  ledger: Ledger;
  nowMs: number;
}): Presented {
  const { evidence, ledger, nowMs } = options;
  switch (evidence.type) {
    case "nfc":
      return fresh("NFC", nowMs, "identifier" in evidence);
    case "qr":
      return evidence.pinBlock === undefined ? pinRequired : fresh("QR", nowMs);
    case "keyed":
      return evidence.pinBlock === undefined ? pinRequired : fresh("KEYED", nowMs);
    case "proofRef": {
      const presentation = ledger.takeProof(evidence.proofRef, nowMs);
      const isGood =
        presentation !== null && (!isStepUp(evidence) || presentation.channel === "NFC");
      return isGood ? { ok: true, presentation } : { ok: false, code: "PROOF_EXPIRED" };
    }
  }
}

/** Whether the code secret came after a tap. */
export function isStepUp(evidence: Evidence): boolean {
  return evidence.type === "proofRef" && evidence.pinBlock !== undefined;
}

const pinRequired = { ok: false, code: "PIN_REQUIRED" } as const;

function fresh(channel: Channel, nowMs: number, isCapped = false): Presented {
  const expiresAtMs = nowMs + PROOF_LIFETIME_MS;
  return { ok: true, presentation: { channel, isCapped, expiresAtMs } };
}
