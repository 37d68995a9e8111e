// Makes the receipt of a till's day.

import type { TerminalProfile } from "@pass-tpe/protocol";
import type { DayFigures } from "../day/results.js";
import type { DayReceipt } from "./receipt.js";
import { headOf, labelOf } from "./sale-receipt.js";

/** The receipt of a day, as data. `receiptLines` makes text of it. */
export function dayReceipt(options: {
  figures: DayFigures;
  profile: TerminalProfile;
  /** The gateway's clock, Unix milliseconds. */
  printedAtMs: number;
}): DayReceipt {
  const { figures, profile, printedAtMs } = options;
  const { reconciliation, owed, netCents } = figures;
  const { day, terminal, held, compared, concordant, differences } = reconciliation;
  return {
    kind: "day",
    ...headOf(profile),
    day,
    printedAtMs,
    totals: terminal.map((total) => ({ ...total, label: labelOf(profile, total.avantage) })),
    netCents,
    held,
    owed,
    compared,
    concordant,
    differences,
  };
}
