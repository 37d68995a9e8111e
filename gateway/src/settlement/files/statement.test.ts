// A partner's statement, as CSV and as a page: complete, in words, and nothing executable in it.

import { describe, expect, it, test } from "vitest";
import {
  LAST_DAY,
  lineOf,
  PARTNER,
  paymentOf,
} from "../../../../tests/settlement/support/payments.js";
import type { SettlementLine } from "../../core/settlement/model.js";
import { type Statement, totalsByState } from "./statement.js";
import { statementCsv } from "./statement-csv.js";
import { statementHtml } from "./statement-html.js";
import { parseXml } from "./xml.js";

const HELD = lineOf({
  no: 2,
  state: "HELD",
  holds: ["DECLARATION_MISSING"],
  payment: null,
  amountCents: 5_000,
  units: 5_000,
});
const GIVEN_BACK = lineOf({
  no: 3,
  kind: "refund",
  refundId: "0186e4a8-3c00-7000-8000-000000000003",
  state: "RELEASED",
  payment: null,
  amountCents: -234,
  units: -234,
  atMs: Date.parse("2023-03-26T01:30:00Z"),
});
const SEATS = lineOf({ no: 4, avantage: "CINEMA", unit: "SEAT", units: 2, amountCents: 900 });

function statementOf(lines: readonly SettlementLine[], change: Partial<Statement> = {}): Statement {
  return {
    partner: PARTNER,
    lines,
    payments: [paymentOf({ amountCents: 2_134, state: "PAID" })],
    firstDay: "2023-03-13",
    lastDay: "2023-03-26",
    labels: new Map([
      ["LIVRES", "Livres loisir"],
      ["CINEMA", "Cinéma"],
    ]),
    isCarried: false,
    wordsOf: (line) => (line.state === "HELD" ? "Déclaration manquante ; « écrivez »" : ""),
    ...change,
  };
}

const ALL = [lineOf(), HELD, GIVEN_BACK, SEATS];

/** Rows of a CSV in which no cell has a line end or a semicolon of its own. */
const rowsOf = (csv: string) =>
  csv
    .slice(1)
    .trimEnd()
    .split("\r\n")
    .map((row) => row.split(";"));

describe("totals by state", () => {
  it("are in the order of a line's life, without states that no line has", () => {
    expect(totalsByState(ALL)).toEqual([
      { state: "PAID", lines: 2, amountCents: 2_134 },
      { state: "HELD", lines: 1, amountCents: 5_000 },
      { state: "RELEASED", lines: 1, amountCents: -234 },
    ]);
  });
});

describe("a statement as CSV", () => {
  const csv = statementCsv(statementOf(ALL, { wordsOf: ({ holds }) => holds.join() }));
  const [heading = [], ...rows] = rowsOf(csv);
  const column = (name: string) => rows.map((row) => row[heading.indexOf(name)]);

  it("has a row for each line, then for each payment and each state, all as long as the heading", () => {
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => heading.length));
    expect(column("État")).toEqual([
      ...["Payé", "En attente", "Débloqué", "Payé"],
      "Payé",
      ...["Payé", "En attente", "Débloqué"],
    ]);
  });

  it("tells days and times of Paris, summer time included", () => {
    expect(column("Date").slice(1, 3)).toEqual(["15/03/2023", "26/03/2023"]);
    expect(column("Heure").slice(1, 3)).toEqual(["11:00:00", "03:30:00"]);
  });

  it("counts euros in euros, and other units as they are", () => {
    expect(column("Quantité").slice(0, 4)).toEqual(["12,34", "50,00", "-2,34", "2"]);
    expect(column("Unité").slice(0, 4)).toEqual(["euros", "euros", "euros", "places"]);
    expect(column("Montant (EUR)").slice(0, 4)).toEqual(["12,34", "50,00", "-2,34", "9,00"]);
  });

  it("keeps payments and totals out of the column of amounts, and of each other's", () => {
    expect(column("Montant (EUR)").slice(4)).toEqual(["", "", "", ""]);
    expect(column("Montant du virement (EUR)").slice(4)).toEqual(["21,34", "", "", ""]);
    expect(column("Total par état (EUR)").slice(4)).toEqual(["", "21,34", "50,00", "-2,34"]);
  });

  it("has a returned payment with the bank's reason", () => {
    const payment = paymentOf({ state: "REJECTED", reason: "AC04", lines: 2 });
    const row = rowsOf(statementCsv(statementOf([], { payments: [payment] })))[1] ?? [];
    expect(row.join(";")).toBe(
      `P-1;Remboursement au 19/03/2023;;;;;;2;lignes;;Rejeté par la banque (AC04);;PASSREGION-${LAST_DAY}-1;12,34;`,
    );
  });

  it("names the payment that a line is in, and why another waits", () => {
    const payment = `PASSREGION-${LAST_DAY}-1`;
    expect(column("Virement").slice(0, 4)).toEqual([payment, "", "", payment]);
    expect(column("Motif de l'attente").slice(0, 4)).toEqual(["", "DECLARATION_MISSING", "", ""]);
  });

  it("names a refund by its own reference", () => {
    expect(column("Référence").slice(1, 3)).toEqual([HELD.saleId, GIVEN_BACK.refundId]);
  });

  it("makes no formula of a till's name", () => {
    const evil = lineOf({ terminalId: "=cmd|' /C calc'!A0" });
    expect(rowsOf(statementCsv(statementOf([evil])))[1]).toContain("'=cmd|' /C calc'!A0");
  });
});

describe("a statement as a page", () => {
  const html = statementHtml(statementOf(ALL));

  it("is well formed, in French, without a script or anything from elsewhere", () => {
    const body = html.slice(html.indexOf("<body>"), html.indexOf("</html>"));
    expect(parseXml(body.replaceAll("<br>", "<br/>"))).toMatchObject({ type: "document" });
    expect(html).toContain('<html lang="fr">');
    expect(html).not.toMatch(/<script|javascript:|\bsrc=|\bhref=|@import|url\(/);
    expect(html).toContain("size: A4");
  });

  it("names rows and columns, and captions every table", () => {
    const count = (part: string) => html.split(part).length - 1;
    expect(count("<table>")).toBe(3);
    expect(count("<caption>")).toBe(3);
    expect(count('scope="row"')).toBe(4 + 1 + ALL.length);
  });

  it("tells what is paid and what waits, in figures and as a bar with words", () => {
    const bar = 'aria-label="Payé : 21,34\u00a0€ ; En attente : 50,00\u00a0€"';
    expect(html).toContain(bar);
    expect(html).toContain("Total</th>");
    expect(html).toContain("69,00\u00a0€");
    expect(html).toContain("Déclaration manquante ; « écrivez »");
  });

  it("promises nothing for the next settlement where the balance is not above zero", () => {
    const released = [{ ...GIVEN_BACK, amountCents: 234, units: 234 }];
    const bar = (isCarried: boolean) => statementHtml(statementOf(released, { isCarried }));
    expect(bar(false)).toContain("Au prochain remboursement : 2,34\u00a0€");
    expect(bar(true)).toContain("Reporté : 2,34\u00a0€");
    expect(bar(true)).not.toContain("prochain remboursement");
  });

  it("fills the whole bar, each share by its size", () => {
    const rects = [...html.matchAll(/<rect x="(\d+)" width="(\d+)"/g)].map(([, x, width]) => [
      Number(x),
      Number(width),
    ]);
    expect(rects).toEqual([
      [0, 299],
      [299, 701],
    ]);
  });

  it("has no bar where nothing is above zero", () => {
    expect(statementHtml(statementOf([GIVEN_BACK]))).not.toContain("<figure>");
    expect(statementHtml(statementOf([], { payments: [] }))).toContain("Aucune opération");
  });

  it("shows no more of an account than its last four signs, and a return with its reason", () => {
    const payment = paymentOf({ state: "REJECTED", reason: "AC04 <clos>" });
    const page = statementHtml(statementOf(ALL, { payments: [payment] }));
    expect(page).toContain(`…${payment.account.iban.slice(-4)}`);
    expect(page).not.toContain(payment.account.iban);
    expect(page).toContain("Rejeté par la banque (AC04 &lt;clos&gt;)");
  });

  test.each<Partial<Statement>>([
    { partner: { ...PARTNER, name: "<b>\"&'" } },
    { partner: { ...PARTNER, partnerId: "<b>" } },
    { labels: new Map([["LIVRES", "<b>"]]) },
    { lines: [lineOf({ avantage: "<b>" })] },
    { lines: [lineOf({ terminalId: "<b>" })] },
    { wordsOf: () => "<b>" },
  ])("writes markup out: %j", (change) => {
    const page = statementHtml(statementOf(ALL, change));
    expect(page).toContain("&lt;b&gt;");
    expect(page).not.toContain("<b>");
  });
});
