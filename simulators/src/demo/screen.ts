// Draws what stands on a terminal's own screen: two lines of 32 characters, the young person's message, the timings.

import type { SaleResult, StepTimings } from "@pass-tpe/terminal-sdk";

const SCREEN_COLUMNS = 32;

/** A two-line till display as text. */
function drawScreen([line1, line2]: readonly [string, string]): string {
  const row = (text: string) => `  │ ${text.padEnd(SCREEN_COLUMNS)} │`;
  const edge = "─".repeat(SCREEN_COLUMNS + 2);
  return [`  ┌${edge}┐`, row(line1), row(line2), `  └${edge}┘`].join("\n");
}

const ms = (value: number): string => `${value.toFixed(1).replace(".", ",")} ms`;

/** One line with the time of each step of a sale. */
function drawTimings(timings: StepTimings): string {
  const { cardMs, pinMs, journalMs, networkMs, decisionMs, totalMs } = timings;
  const steps: readonly (readonly [string, number | undefined])[] = [
    ["carte", cardMs],
    ["code", pinMs],
    ["journal", journalMs],
    ["réseau", networkMs],
    ["dont décision", decisionMs],
    ["total", totalMs],
  ];
  return steps
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${ms(value)}`]))
    .join(" · ");
}

/** A sale as the cashier and the young person see it. */
export function drawSale(sale: SaleResult): string {
  const lines = [drawScreen(sale.display), `  ${sale.message}`];
  if (sale.outcome === "approved" && sale.holder !== undefined) {
    lines.push(`  Titulaire : ${sale.holder} · carte …${sale.receipt?.cardLastFour ?? ""}`);
  }
  lines.push(`  ${drawTimings(sale.timings)}`);
  return lines.join("\n");
}
