// Settlements as an operator reads them on a screen.

import { z } from "zod";

const CountSchema = z.int();

/** As the gateway tells it; more fields than these are let through to `--json` and not shown. */
export const ReportSchema = z.looseObject({
  lastDay: z.string(),
  state: z.string(),
  payments: CountSchema,
  paidCents: CountSchema,
  heldCents: CountSchema,
  carriedCents: CountSchema,
  owedBackCents: CountSchema,
  holds: z.record(z.string(), CountSchema),
});
type Report = z.infer<typeof ReportSchema>;

/** `1234.50 EUR`. */
function eurosOf(cents: number): string {
  const sign = cents < 0 ? "-" : "";
  const whole = Math.abs(cents);
  const rest = String(whole % 100).padStart(2, "0");
  return `${sign}${Math.trunc(whole / 100)}.${rest} EUR`;
}

/** One settlement, a line for each thing to know. */
export function describe(report: Report): string {
  const { lastDay, state, payments, holds } = report;
  const { paidCents, heldCents, carriedCents, owedBackCents } = report;
  const reasons = Object.entries(holds)
    .filter(([, lines]) => lines > 0)
    .map(([reason, lines]) => `${reason} ${lines}`);
  return [
    `settlement  ${lastDay} (${state})`,
    `payments    ${payments}, ${eurosOf(paidCents)}`,
    `held        ${eurosOf(heldCents)}${reasons.length === 0 ? "" : `, lines: ${reasons.join(", ")}`}`,
    `carried     ${eurosOf(carriedCents)}`,
    `owed back   ${eurosOf(owedBackCents)}`,
    "",
  ].join("\n");
}

/** One settlement on one line. */
export function lineOf({ lastDay, state, payments, paidCents, heldCents }: Report): string {
  return `${lastDay}  ${state.padEnd(5)}  ${String(payments).padStart(6)} payments  ${eurosOf(paidCents)}, held ${eurosOf(heldCents)}\n`;
}
