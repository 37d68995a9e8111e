// From what the gateway said, or did not say, to a capture or refund that was declined.

import type { Decision, PublicCode } from "@pass-tpe/protocol";
import type { Said } from "../client/owed-queue.js";
import type { Settled } from "../client/repeat.js";
import { refusalOf } from "../sale/sale-result.js";
import { localRefusal, refusalOfDecision } from "../sale/texts.js";
import type { AfterSaleDeclined, PartOfSale } from "./results.js";

/** What the gateway refused, or what came to no decision. */
export function declinedBecause(
  settled: Said<Decision> | Exclude<Settled<Decision>, { kind: "unknown" | "answer" }>,
): AfterSaleDeclined {
  const base = { outcome: "declined", moneyMoved: "no" } as const;
  if (settled.kind !== "answer") {
    const { refusal, detail } = refusalOf(settled);
    return { ...base, ...refusal, ...(detail === undefined ? {} : { detail }) };
  }
  const { available } = settled.body;
  return {
    ...base,
    ...refusalOfDecision(settled.body),
    ...(available === undefined ? {} : { available }),
  };
}

/** What the terminal refuses by itself; nothing was sent. */
export function declinedHere(code: PublicCode, detail: string): AfterSaleDeclined {
  return { outcome: "declined", moneyMoved: "no", ...localRefusal(code), detail };
}

/** The code of a part that is none, or null. Whether it is too much is the gateway's to say. */
export function refusePart({ amountCents, quantity }: PartOfSale): AfterSaleDeclined | null {
  const rule = "must be a whole number above 0, or left out";
  if (!isCount(amountCents)) return declinedHere("AMOUNT_INVALID", `amountCents ${rule}`);
  return isCount(quantity) ? null : declinedHere("QUANTITY_INVALID", `quantity ${rule}`);
}

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value > 0);
}
