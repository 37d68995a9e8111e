// What is on file of a sale when something is asked to be done with it, and how much of it is asked.

import type { Amount, CountedUnit } from "@pass-tpe/protocol";
import { assert } from "./assert.js";
import type { Refusal } from "./decision.js";
import type { SaleState } from "./life.js";
import type { Account, Grant, Hold } from "./model.js";

/** A sale, with its account and its grant as they stand now. */
export interface SaleFile {
  /** As it is written. */
  readonly state: SaleState;
  readonly account: Account | null;
  /** The one that it drew on or holds; null where it drew on none. */
  readonly grant: Grant | null;
  /** Its own; null where it waits for no capture. */
  readonly hold: Hold | null;
  /** All holds of its account. */
  readonly holds: readonly Hold[];
  /** What the sale's partner carried then: a supplement is for partners with its flag. */
  readonly partnerFlags: readonly string[];
  /** What its answer left to collect at the till, in cents; null where it said nothing of it. */
  readonly collectCents: number | null;
  /** Taken from the grant, and given back to it since, in its unit. */
  readonly taken: number;
  readonly returned: number;
}

/** How much is asked for; with neither, all of it. */
export interface Asked {
  readonly amountCents: number | null;
  readonly quantity: number | null;
}

/** An amount of what a grant is counted in. */
export function amountOf(grant: Pick<Grant, "unit">, value: number): Amount {
  return { unit: countedUnitOf(grant), value };
}

function countedUnitOf({ unit }: Pick<Grant, "unit">): CountedUnit {
  assert(unit !== "RECORD" && unit !== "UNLIMITED", "what was drawn on is counted");
  return unit;
}

/** What is asked for in the grant's unit, null for all of it; or why it has not the form of that. */
export function askedUnits(
  grant: Pick<Grant, "unit">,
  { amountCents, quantity }: Asked,
): { readonly units: number | null } | { readonly refusal: Refusal } {
  const inEuros = countedUnitOf(grant) === "EUR_CENT";
  const [asked, foreign] = inEuros ? [amountCents, quantity] : [quantity, amountCents];
  const isFormed =
    foreign === null && (asked === null || (Number.isSafeInteger(asked) && asked > 0));
  if (isFormed) return { units: asked };
  return { refusal: { code: inEuros ? "AMOUNT_INVALID" : "QUANTITY_INVALID" } };
}
