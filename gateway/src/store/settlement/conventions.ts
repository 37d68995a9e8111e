// The conventions that a sale was decided from, read back from what the store kept of it.

import { assert } from "../../core/assert.js";
import type { Convention } from "../../core/model.js";
import type { Driver } from "../driver.js";
import { parseStoredInput } from "../stored-input.js";

/** What was sold cannot be priced. Who must act: the operator; the message says what to do. */
export class UnreadableSaleError extends Error {
  override readonly name = "UnreadableSaleError";
}

/** The partner's conventions as a sale saw them: a tariff that came, changed or went since is for later sales. */
export async function conventionsOfSale(
  driver: Pick<Driver, "findAttempt">,
  { terminalId, saleId }: { readonly terminalId: string; readonly saleId: string },
): Promise<readonly Convention[]> {
  const sale = await driver.findAttempt(terminalId, saleId);
  const input = sale?.attempt.input ?? null;
  assert(input !== null, "a sale is stored with what it was decided from");
  try {
    return parseStoredInput(input).snapshot.partner?.conventions ?? [];
  } catch (error) {
    throw new UnreadableSaleError(
      `nothing can be settled: what sale ${saleId} of terminal ${terminalId} was decided from cannot be read. Look at what the verification says of it, and restore the database from a backup`,
      { cause: error },
    );
  }
}
