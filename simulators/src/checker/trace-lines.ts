// One line for each fact and each row of a ledger, as a person reads them.

import type { Fact, Intent, LedgerFacts, SaleRef, Violation } from "./facts.js";

/** A fact, with the seconds since the day's first one. */
export function factLine(fact: Fact, firstMs: number): string {
  const seconds = ((fact.atMs - firstMs) / 1000).toFixed(3).padStart(9);
  return `${seconds} ${subjectOf(fact)}${sayingOf(fact)}`;
}

function subjectOf(fact: Fact): string {
  if ("sale" in fact) return `${nameOf(fact.sale)} `;
  return "terminal" in fact ? `${fact.terminal} ` : "gateway ";
}

function sayingOf(fact: Fact): string {
  switch (fact.type) {
    case "began":
      return `began: ${wish(fact.intent)}`;
    case "left":
      return "left";
    case "arrived":
      return `arrived, to be decided within ${fact.deadlineMs} ms`;
    case "refused":
      return `refused: ${fact.code}`;
    case "answered":
      return `${fact.about} answered: ${fact.approved ? "approved" : "declined"} ${fact.code} ${fact.units}`;
    case "told": {
      const held = fact.holds ? " (held)" : "";
      return `told: ${fact.outcome} ${fact.code} ${fact.units}${held}, money moved: ${fact.moneyMoved}`;
    }
    case "resolved":
      return `resolved: ${fact.code}`;
    case "recovered":
      return `recovered: ${fact.units}${fact.holds ? " (held)" : ""}`;
    case "acknowledged":
      return "acknowledged";
    case "asked":
      return `asked: ${fact.what} ${fact.operation ?? ""} of ${fact.units ?? "all"}${byWhom(fact)}`;
    case "done":
      return `${fact.what} ${fact.operation ?? ""} ${fact.outcome}: ${fact.code} ${fact.units}${byWhom(fact)}`;
    case "terminalStarted":
    case "gatewayStarted":
      return "started";
    case "terminalDied":
      return "died";
    case "journalFailed":
      return "its journal failed";
    case "gatewayDied":
      return `died (${fact.why})`;
    case "dayTotals":
      return `day totals: ${JSON.stringify(fact.units)}`;
  }
}

function byWhom({ by }: { readonly by?: string }): string {
  return by === undefined ? "" : ` at ${by}`;
}

function wish(intent: Intent): string {
  const { card, how, message, pin, avantage, purchaseCents, quantity } = intent;
  const credential = how === "tap" ? `message ${message}` : `PIN ${pin ?? "none"}`;
  const amount = quantity === null ? `${purchaseCents} cents` : `${quantity} pieces`;
  const flags = [
    ...(intent.exact ? ["exact"] : []),
    ...(intent.holds ? ["to hold"] : []),
    ...(intent.inquires ? ["inquiry"] : []),
  ];
  return [`${avantage} ${amount}`, `card ${card}`, `${how}, ${credential}`, ...flags].join(", ");
}

/** The rows that concern the told sales, and the balances and cards that are at fault. */
export function ledgerLines(
  ledger: LedgerFacts,
  {
    isTold,
    concerns,
  }: {
    readonly isTold: (ref: SaleRef) => boolean;
    readonly concerns: NonNullable<Violation["concerns"]>;
  },
): readonly string[] {
  const told = <Row extends { readonly sale: SaleRef }>(
    rows: readonly Row[],
    line: (row: Row, place: number) => string,
  ) =>
    rows.flatMap((row, place) =>
      isTold(row.sale) ? [`${nameOf(row.sale)} ${line(row, place)}`] : [],
    );
  return [
    ...told(ledger.attempts, (row, place) => {
      const said = row.approved ? "approved" : "declined";
      const held = row.holds ? " (held)" : "";
      return `attempt ${place + 1}: ${row.kind} ${said} ${row.code} ${row.units}${held} at ${row.decidedAtMs}`;
    }),
    ...told(ledger.operations, ({ kind, id, units, afterAttempts }) => {
      return `${kind} ${id}: ${units}${placed(afterAttempts)}`;
    }),
    ...told(ledger.reversals, ({ reason, afterAttempts }) => {
      return `reversed (${reason})${placed(afterAttempts)}`;
    }),
    ...told(ledger.entries, ({ account, avantage, units }, place) => {
      return `entry ${place + 1}: ${units} of ${avantage} of ${account}`;
    }),
    ...told(ledger.holds, ({ units, expiresAtMs }) => `holds ${units} until ${expiresAtMs}`),
    ...balanceLines(ledger, concerns),
  ];
}

function placed(afterAttempts: number | null | undefined): string {
  return typeof afterAttempts === "number" ? ` after ${afterAttempts} attempts` : "";
}

function balanceLines(
  { grants, cards }: LedgerFacts,
  { account, avantage, card }: NonNullable<Violation["concerns"]>,
): readonly string[] {
  return [
    ...grants
      .filter((grant) => grant.account === account && grant.avantage === avantage)
      .map(({ amount, spent }) => `${avantage} of ${account}: ${spent} of ${amount} spent`),
    ...cards
      .filter((one) => one.card === card)
      .map(({ messageCounter, pinFailures }) => {
        return `card ${card}: message ${messageCounter}, ${pinFailures} wrong PINs`;
      }),
  ];
}

function nameOf({ terminal, id }: SaleRef): string {
  return `${terminal}/${id}`;
}
