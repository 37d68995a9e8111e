// What the examples of answers share: the decision with its texts, and the card, avantages and instant that they speak of.

import type { Decision } from "../messages/authorization.js";
import {
  type OutcomeParams,
  outcomeSpec,
  type PublicCode,
  publicIso39Of,
  publicRetryOf,
  renderOutcome,
} from "../outcomes/index.js";
import { EXAMPLE_ID } from "./example.js";

export const DECIDED_AT_MS = 1_767_970_800_000;
export const HOLDER = "Camille D.";
const CARD_LAST_FOUR = "0008";

export const SPECTACLE = { avantage: "SPECTACLE", avantageLabel: "Spectacles" };
export const CINEMA = { avantage: "CINEMA", avantageLabel: "Cinéma" };

/** The fields that every decision has, with the code's own texts. */
export function decision(code: PublicCode, params: OutcomeParams, id = EXAMPLE_ID): Decision {
  return {
    id,
    outcome: outcomeSpec(code).kind === "approval" ? "approved" : "declined",
    code,
    iso39: publicIso39Of(code) ?? "",
    ...renderOutcome(code, params),
    retry: publicRetryOf(code, params),
    decidedAtMs: DECIDED_AT_MS,
  };
}

/** What a receipt needs beside the figures. */
export const receiptOf = (avantageLabel: string, channel: "NFC" | "QR") => ({
  holder: HOLDER,
  receipt: { reference: EXAMPLE_ID, avantageLabel, cardLastFour: CARD_LAST_FOUR, channel },
});
