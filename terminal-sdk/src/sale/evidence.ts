// From a card in front of the readers to the evidence that is sent: reading, local checks, then the PIN.

import type { Evidence, Lines, PinBlock, PublicCode } from "@pass-tpe/protocol";
import { isCardNumber } from "@pass-tpe/protocol/standards";
import type { KnownProfile } from "../client/profile.js";
import type { TerminalContext } from "../context.js";
import { textOf } from "../errors.js";
import type { PinResult } from "../pin/pad.js";
import type { Presented } from "../readers/reader.js";
import { checkQr } from "./qr-check.js";
import type { Refusal, WaitEnd } from "./reader-bank.js";

/** What the holder is shown: the lines for the card, and those for the PIN pad. */
export interface HolderPrompts {
  readonly card: { readonly display: Lines; readonly display20: Lines };
  readonly pin: Lines;
}

export interface EvidenceTimings {
  readMs: number;
  cardMs?: number;
  pinMs?: number;
}

export type Gathered =
  | { readonly ok: true; readonly evidence: Evidence; readonly timings: EvidenceTimings }
  | {
      readonly ok: false;
      readonly code: PublicCode;
      readonly detail?: string;
      readonly timings: EvidenceTimings;
    };

/** Waits for a card and, where it was not tapped, for its PIN. An NFC card never prompts; the others always do. */
export async function gatherEvidence(options: {
  context: TerminalContext;
  known: KnownProfile;
  prompts: HolderPrompts;
  signal: AbortSignal;
}): Promise<Gathered> {
  const { context, known, prompts, signal } = options;
  const { clock, deadlines, hub, readers } = context;
  const startedAtMs = clock.monotonicMs();
  hub.emit("status", { status: "waitingForCard" });
  const timeoutMs = deadlines.readMs;
  const accept = (presented: Presented) => refusePresented(presented, known);
  const waiting = readers.wait({ timeoutMs, signal, accept });
  // Said once they are armed: whoever presents a card on hearing it is read.
  hub.emit("waitingForCard", { readers: readers.names, timeoutMs, ...prompts.card });
  const waited = await waiting;
  const timings: EvidenceTimings = { readMs: clock.monotonicMs() - startedAtMs };
  if (waited.kind !== "presented") return { ok: false, code: codeOfWait(waited), timings };
  timings.cardMs = waited.cardMs;
  const { presented } = waited;
  switch (presented.kind) {
    case "nfcMessage":
      return { ok: true, evidence: { type: "nfc", message: presented.message }, timings };
    case "nfcIdentifier":
      return { ok: true, evidence: { type: "nfc", identifier: presented.identifier }, timings };
    case "qr": {
      const { text: token } = presented;
      const cardNumber = cardNumberOf(token, known);
      return withPin({ context, prompts, signal, timings, cardNumber }, (pinBlock) => {
        return { type: "qr", token, pinBlock };
      });
    }
    case "keyed": {
      const { cardNumber } = presented;
      return withPin({ context, prompts, signal, timings, cardNumber }, (pinBlock) => {
        return { type: "keyed", cardNumber, pinBlock };
      });
    }
  }
}

function refusePresented(presented: Presented, known: KnownProfile): Refusal | null {
  if (presented.kind === "qr") {
    const checked = checkQr({ text: presented.text, keys: known.qrKeys });
    return checked.ok ? null : { code: "QR_INVALID", detail: checked.detail };
  }
  if (presented.kind === "keyed" && !isCardNumber(presented.cardNumber)) {
    return { code: "CARD_UNREADABLE", detail: "the check digit of the typed number does not fit" };
  }
  return null;
}

/** The accepted code's own number: it was checked when the reader presented it. */
function cardNumberOf(text: string, known: KnownProfile): string {
  const checked = checkQr({ text, keys: known.qrKeys });
  if (!checked.ok) throw new Error("an accepted QR code no longer passes its check");
  return checked.cardNumber;
}

function codeOfWait(waited: Exclude<WaitEnd, { kind: "presented" }>): PublicCode {
  switch (waited.kind) {
    case "timedOut":
      return "NO_CARD";
    case "noReader":
      return "READER_UNAVAILABLE";
    case "cancelled":
      return "SALE_CANCELLED";
  }
}

interface PinStep {
  readonly context: TerminalContext;
  readonly prompts: HolderPrompts;
  readonly signal: AbortSignal;
  readonly timings: EvidenceTimings;
  readonly cardNumber: string;
}

async function withPin(
  step: PinStep,
  evidenceWith: (pinBlock: PinBlock) => Evidence,
): Promise<Gathered> {
  const { context, signal, timings } = step;
  const startedAtMs = context.clock.monotonicMs();
  const result = await askPin(step);
  timings.pinMs = context.clock.monotonicMs() - startedAtMs;
  // The cashier's cancellation comes before whatever the pad made of it.
  if (signal.aborted) return { ok: false, code: "SALE_CANCELLED", timings };
  if (result.ok) return { ok: true, evidence: evidenceWith(result.pinBlock), timings };
  if (result.reason === "cancelled") return { ok: false, code: "PIN_CANCELLED", timings };
  return { ok: false, code: "PIN_BLOCK_INVALID", detail: result.detail, timings };
}

/** Ends at the latest with the pad's time or the sale's cancellation, even if a pad overlooks its signal. */
async function askPin({ context, prompts, signal, cardNumber }: PinStep): Promise<PinResult> {
  const { pinPad, hub, clock, deadlines } = context;
  if (pinPad === null) return { ok: false, reason: "failed", detail: "no pinPad was given" };
  hub.emit("status", { status: "waitingForPin" });
  hub.emit("pinRequested", { pinPad: pinPad.name, display: prompts.pin });
  const timer = new AbortController();
  const callOff = clock.after(deadlines.pinMs, () => timer.abort());
  const over = AbortSignal.any([signal, timer.signal]);
  const aborted = new Promise<PinResult>((resolve) => {
    over.addEventListener("abort", () => resolve({ ok: false, reason: "cancelled" }), {
      once: true,
    });
  });
  try {
    const asked = pinPad.requestPin({ cardNumber, prompt: prompts.pin, signal: over });
    return await Promise.race([asked, aborted]);
  } catch (thrown) {
    return { ok: false, reason: "failed", detail: textOf(thrown) };
  } finally {
    callOff();
  }
}
