// What a till does with an approval afterwards: captures, refunds, reverses, or leaves it.

import type { Terminal } from "@pass-tpe/terminal-sdk";
import type { SaleRef } from "../checker/facts.js";
import type { News } from "./fact-file.js";
import { CHAOS_AVANTAGES } from "./purchase.js";
import type { Dice } from "./random.js";
import { doneWith, refused, unknown } from "./till-news.js";

/** An approval that stands, or still holds. */
export interface Standing {
  readonly sale: SaleRef;
  readonly avantage: string;
  readonly units: number;
  readonly holds: boolean;
}

export interface AfterSaleParts {
  readonly terminal: Terminal;
  readonly dice: Dice;
  readonly tell: (news: News) => void;
}

/** Draws what is done with an approval, does it, and writes down what came of it. */
export async function doAfterSale(parts: AfterSaleParts, standing: Standing): Promise<void> {
  const { dice } = parts;
  const kind = dice.between(1, 100);
  if (standing.holds) {
    if (kind <= 50) await capture(parts, standing, null);
    else if (kind <= 70) await capture(parts, standing, dice.between(1, standing.units));
    else if (kind <= 85) await reverse(parts, standing);
    return;
  }
  if (standing.units === 0) return;
  if (kind <= 6) await refund(parts, standing, null);
  else if (kind <= 14) await refund(parts, standing, dice.between(1, standing.units));
  else if (kind <= 20) await reverse(parts, standing);
}

function partOf({ avantage }: Standing, units: number | null) {
  if (units === null) return {};
  const isCents = CHAOS_AVANTAGES.find(({ code }) => code === avantage)?.unit === "cents";
  return isCents ? { amountCents: units } : { quantity: units };
}

async function capture(
  { terminal, tell }: AfterSaleParts,
  standing: Standing,
  units: number | null,
): Promise<void> {
  const { sale } = standing;
  tell({ type: "asked", what: "capture", sale, operation: null, units });
  const result = await terminal.capture(sale.id, partOf(standing, units));
  if (result.outcome === "captured") {
    const taken = result.amountCents ?? result.quantity ?? 0;
    tell(doneWith("capture", sale, { code: result.code, units: taken }));
  } else if (result.outcome === "declined") tell(refused("capture", sale, result));
  else tell(unknown("capture", sale, result));
}

async function refund(
  { terminal, tell }: AfterSaleParts,
  standing: Standing,
  units: number | null,
): Promise<void> {
  const { sale } = standing;
  tell({ type: "asked", what: "refund", sale, operation: null, units });
  const result = await terminal.refund({ of: sale.id, ...partOf(standing, units) });
  const { code, id: operation } = result;
  const known = operation === undefined ? { code } : { code, operation };
  if (result.outcome === "refunded") {
    tell(doneWith("refund", sale, { ...known, units: result.returned?.value ?? 0 }));
  } else if (result.outcome === "declined") tell(refused("refund", sale, known));
  else tell(unknown("refund", sale, known));
}

/** Reverses a sale at the cashier's wish. */
export async function reverse(
  { terminal, tell }: Pick<AfterSaleParts, "terminal" | "tell">,
  { sale }: Pick<Standing, "sale">,
): Promise<void> {
  tell({ type: "asked", what: "reversal", sale, operation: null, units: null });
  const result = await terminal.reverse(sale.id);
  if (result.outcome === "reversed") {
    const units = result.returned?.value ?? 0;
    tell(doneWith("reversal", sale, { code: result.code, units }));
  } else if (result.outcome === "declined") tell(refused("reversal", sale, result));
  else tell(unknown("reversal", sale, result));
}
