// Reads what an operation on an earlier sale is decided from.

import type { AuthorizationAnswer } from "@pass-tpe/protocol";
import type { SaleFile } from "../core/sale-file.js";
import type { Driver, StoredAttempt } from "./driver.js";
import { parseStoredInput } from "./stored-input.js";

/** Puts a stored sale, its account, its grant and its holds together, as they stand now. */
export async function readSaleFile(driver: Driver, stored: StoredAttempt): Promise<SaleFile> {
  const { terminalId, id, state, input } = stored.attempt;
  const partner = input === null ? null : parseStoredInput(input).snapshot.partner;
  const sale = await driver.readSale(terminalId, id);
  const collectCents = answerOf(stored)?.collectCents ?? null;
  return { state, hold: stored.hold, partnerFlags: partner?.flags ?? [], collectCents, ...sale };
}

/** When what a sale took was taken: at its capture, or at once. */
export function takenAtMs({ attempt, capture }: StoredAttempt): number {
  return capture?.atMs ?? attempt.decidedAtMs;
}

/** What the sale's own answer had for the receipt; null where it was no sale, or had none. */
export function receiptOf(stored: StoredAttempt): AuthorizationAnswer["receipt"] | null {
  return answerOf(stored)?.receipt ?? null;
}

function answerOf({ attempt }: StoredAttempt): AuthorizationAnswer | null {
  if (attempt.kind !== "authorization" || attempt.answer === null) return null;
  return JSON.parse(attempt.answer);
}
