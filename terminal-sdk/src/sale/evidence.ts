// From a card in front of the readers to the evidence that is sent: reading, local checks, then the PIN.

import type { Evidence, PinBlock, PublicCode } from "@pass-tpe/protocol";
import { isCardNumber, parseQrToken } from "@pass-tpe/protocol/standards";
import type { KnownProfile } from "../client/profile.js";
import type { TerminalContext } from "../context.js";
import type { Presented } from "../readers/reader.js";
import { askCodeSecret } from "./code-secret.js";
import type { HolderPrompts } from "./prompts.js";
import { checkQr } from "./qr-check.js";
import type { Refusal, WaitEnd } from "./reader-bank.js";

export interface EvidenceTimings {
  readMs: number;
  cardMs?: number;
  pinMs?: number;
}

type Gathered =
  | { readonly ok: true; readonly evidence: Evidence; readonly timings: EvidenceTimings }
  | {
      readonly ok: false;
      readonly code: PublicCode;
      readonly detail?: string;
      readonly timings: EvidenceTimings;
    };

/** Waits for a card and, where it was not tapped, for its PIN. A tap never prompts here; the others always do. */
export async function gatherEvidence(options: {
  context: TerminalContext;
  prompts: HolderPrompts;
  signal: AbortSignal;
}): Promise<Gathered> {
  const { context, prompts, signal } = options;
  const { clock, deadlines, hub, profile, readers } = context;
  const startedAtMs = clock.monotonicMs();
  const timeoutMs = deadlines.readMs;
  const waited = await readers.wait({
    timeoutMs,
    signal,
    // The profile as it is at that moment: the keys may have been renewed since the wait began.
    accept: (presented) => refusePresented(presented, profile.known),
    armed: () => {
      hub.emit("status", { status: "waitingForCard" });
      hub.emit("waitingForCard", { readers: readers.names, timeoutMs, ...prompts.card });
    },
  });
  const timings: EvidenceTimings = { readMs: clock.monotonicMs() - startedAtMs };
  if (waited.kind !== "presented") {
    const detail = waited.kind === "noReader" ? { detail: waited.detail } : {};
    return { ok: false, code: codeOfWait(waited), ...detail, timings };
  }
  timings.cardMs = waited.cardMs;
  const { presented } = waited;
  switch (presented.kind) {
    case "nfcMessage":
      return { ok: true, evidence: { type: "nfc", message: presented.message }, timings };
    case "nfcIdentifier":
      return { ok: true, evidence: { type: "nfc", identifier: presented.identifier }, timings };
    case "qr": {
      const { text: token } = presented;
      const cardNumber = cardNumberOf(token);
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

function refusePresented(presented: Presented, known: KnownProfile | null): Refusal | null {
  if (presented.kind === "qr") {
    const checked = checkQr({
      text: presented.text,
      keys: known?.qrKeys ?? new Map(),
      bareNumbers: known?.profile.presentations?.qrNumber ?? false,
    });
    return checked.ok ? null : { code: "QR_INVALID", detail: checked.detail };
  }
  if (presented.kind === "keyed" && !isCardNumber(presented.cardNumber)) {
    return { code: "CARD_UNREADABLE", detail: "the check digit of the typed number does not fit" };
  }
  return null;
}

/** The accepted code's own number: form and signature were checked when the reader presented it. */
function cardNumberOf(text: string): string {
  if (isCardNumber(text)) return text;
  const parsed = parseQrToken(text);
  if (!parsed.ok) throw new Error("an accepted QR code has no longer the form of one");
  return parsed.token.cardNumber;
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
  const { context, prompts, signal, timings, cardNumber } = step;
  const { pinMs: timeoutMs } = context.deadlines;
  const question = { context, prompt: prompts.pin, cardNumber, timeoutMs, signal };
  const { asked, pinMs } = await askCodeSecret(question);
  timings.pinMs = pinMs;
  if (asked.ok) return { ok: true, evidence: evidenceWith(asked.pinBlock), timings };
  switch (asked.reason) {
    case "saleCancelled":
      return { ok: false, code: "SALE_CANCELLED", timings };
    case "cancelled":
      return { ok: false, code: "PIN_CANCELLED", timings };
    case "failed":
      return { ok: false, code: "PIN_BLOCK_INVALID", detail: asked.detail, timings };
  }
}
