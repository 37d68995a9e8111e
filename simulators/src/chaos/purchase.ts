// What the next customer buys, with which card, how it is presented: drawn from a seed.

import type { SaleRequest } from "@pass-tpe/terminal-sdk";
import type { Intent } from "../checker/facts.js";
import type { Dice } from "./random.js";
import type { Customers, HeldCard } from "./till-config.js";

export const CHAOS_AVANTAGES = [
  { code: "SPECTACLE", unit: "cents" },
  { code: "LIVRES_LOISIR", unit: "cents" },
  { code: "CINEMA", unit: "pieces" },
] as const;

const PURCHASE_CENTS_MAX = 2_500;
const SEATS_MAX = 3;
/** A chip that everybody shares counts hundredths of a second: 24 bits last for two days. */
const SHARED_TICK_MS = 10;

export interface PlannedSale {
  readonly card: HeldCard;
  readonly request: SaleRequest;
  readonly intent: Intent;
}

/** The numbers of the messages that this till's own chips have made. */
export interface ChipCounts {
  readonly last: (card: string) => number;
}

/** Draws the next sale. */
export function planSale(options: {
  readonly terminal: string;
  readonly customers: Customers;
  readonly dice: Dice;
  readonly chips: ChipCounts;
  readonly startedAtMs: number;
}): PlannedSale {
  const { terminal, customers, dice, chips } = options;
  const kind = dice.between(1, 100);
  const card = dice.oneOf(
    kind <= 65 ? customers.own : kind <= 88 ? customers.shared : customers.attacked,
  );
  const isTap = kind <= 45 || (kind > 65 && kind <= 75);
  const how = isTap ? "tap" : dice.oneOf(["code", "number"] as const);
  const isGuess = kind > 88 && dice.percent(60);
  const pin = isTap ? null : isGuess ? "wrong" : "right";
  const isShared = kind > 65;
  const shown = isShared
    ? Math.ceil((Date.now() - options.startedAtMs) / SHARED_TICK_MS) + 1
    : chips.last(card.name) + 1;
  // Now and then a message is shown once more, as somebody does who has recorded it.
  const isReplay = !isShared && shown > 1 && dice.percent(4);
  const message = isTap ? (isReplay ? shown - 1 : shown) : null;
  const { code: avantage, unit } = dice.oneOf(CHAOS_AVANTAGES);
  const exact = dice.percent(10);
  const holds = dice.percent(20);
  const purchaseCents = unit === "cents" ? dice.between(1, PURCHASE_CENTS_MAX) : 0;
  const quantity = unit === "cents" ? null : dice.between(1, SEATS_MAX);
  return {
    card,
    request: {
      avantage,
      ...(quantity === null ? { purchaseCents } : { quantity }),
      ...(exact ? { exact } : {}),
      ...(holds ? { capture: false } : {}),
    },
    intent: {
      terminal,
      card: card.name,
      how,
      message,
      pin,
      avantage,
      purchaseCents,
      quantity,
      exact,
      holds,
    },
  };
}
