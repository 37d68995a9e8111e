// Makes days by chance that kept every rule: sales that overlap at several terminals, and all that can follow them.

import type { SaleRef } from "../facts.js";
import { DayWriter, type SaleEnd, type SaleWish } from "./day-writer.js";
import { Dice } from "./dice.js";
import type { DayDraft } from "./draft.js";

const TERMINALS = ["t1", "t2", "t3"];

/** Most sales are simply told. */
const ENDS: readonly SaleEnd[] = [
  ...(["told", "told", "told", "told", "told", "told"] as const),
  ...(["unknown", "tombstone", "crashed", "recovered", "late"] as const),
];

/** How many things happen on a day. */
const STEPS = 60;

/** A day from its seed; the same seed gives the same day. */
export function randomDay(seed: number, steps = STEPS): DayDraft {
  const dice = new Dice(seed);
  const day = new DayWriter();
  const open: SaleRef[] = [];
  const made: SaleRef[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (dice.oneIn(12)) day.wait(dice.below(1_200_000));
    if (dice.oneIn(25)) day.restartGateway();
    const free = TERMINALS.filter((terminal) => !open.some((sale) => sale.terminal === terminal));
    const terminal = dice.pick(free);
    if (terminal !== undefined && dice.oneIn(2)) open.push(day.begin(wishOf(dice, terminal)));
    else if (open.length > 0) {
      const [sale] = open.splice(dice.below(open.length), 1);
      if (sale) made.push(endOf(dice, day, sale));
    }
    follow(dice, day, dice.pick(made));
  }
  for (const sale of open) day.end(sale);
  return day.close();
}

function endOf(dice: Dice, day: DayWriter, sale: SaleRef): SaleRef {
  day.end(sale, dice.pick(ENDS));
  return sale;
}

function wishOf(dice: Dice, terminal: string): SaleWish {
  const wish: SaleWish = {
    terminal,
    card: dice.pick(["c1", "c2", "c3"]) ?? "c1",
    how: dice.pick(["tap", "tap", "code", "number"]) ?? "tap",
    pin: dice.oneIn(3) ? "wrong" : "right",
    avantage: dice.pick(["SPECTACLE", "SPECTACLE", "CINEMA", "LICENCE"]) ?? "SPECTACLE",
    purchaseCents: 100 + dice.below(2000),
    exact: dice.oneIn(4),
    holds: dice.oneIn(4),
    ...(dice.oneIn(10) ? { inquires: true } : {}),
    ...(dice.oneIn(12) ? { message: 1 } : {}),
  };
  return wish.avantage === "CINEMA" ? { ...wish, quantity: 1 + dice.below(3) } : wish;
}

/** What a cashier may still do with an earlier sale, now and then. */
function follow(dice: Dice, day: DayWriter, sale: SaleRef | undefined): void {
  if (!sale || !dice.oneIn(3)) return;
  const { held, taken } = day.stateOf(sale);
  const how = dice.oneIn(4) ? "later" : "atOnce";
  if (held > 0) {
    if (dice.oneIn(3)) day.reverse(sale, how);
    else day.capture(sale, 1 + dice.below(held), how);
  } else if (taken > 0) {
    if (dice.oneIn(2)) day.reverse(sale, how);
    else day.refund(sale, 1 + dice.below(taken), { by: dice.pick(TERMINALS) ?? "t1", how });
  }
}
