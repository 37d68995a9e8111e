// The accounts' export: every entry balanced to the cent, a returned payment undone.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineOf, paymentOf } from "../../../../tests/settlement/support/payments.js";
import { printedSeed } from "../../../../tests/support/random.js";
import type { Payment, SettlementLine } from "../../core/settlement/model.js";
import { accountsCsv } from "./accounts-csv.js";

const labels = new Map([["LIVRES", "Livres loisir"]]);

function rowsOf(payments: readonly Payment[], lines: readonly SettlementLine[]) {
  const csv = accountsCsv({ payments, lines, labels });
  const [, ...rows] = csv.trimEnd().split("\r\n");
  return rows.map((row) => {
    const [journal, day, piece, partner, account, , debit = "", credit = ""] = row.split(";");
    return { journal, day, piece, partner, account, debit, credit };
  });
}

const centsOf = (euros: string) => Number(euros.replace(",", ""));

describe("the accounts' export", () => {
  it("has an entry for each payment: its avantages at the debit, the treasury at the credit", () => {
    const lines = [
      lineOf({ amountCents: 1_000 }),
      lineOf({ avantage: "CINEMA", amountCents: 900 }),
      lineOf({ kind: "refund", amountCents: -100 }),
    ];
    const same = {
      journal: "PASSREGION",
      day: "19/03/2023",
      piece: "PASSREGION-2023-03-19-1",
      partner: "P-1",
    };
    expect(rowsOf([paymentOf({ amountCents: 1_800, lines: 3 })], lines)).toEqual([
      { ...same, account: "Livres loisir", debit: "9,00", credit: "" },
      { ...same, account: "CINEMA", debit: "9,00", credit: "" },
      { ...same, account: "Trésorerie", debit: "", credit: "18,00" },
    ]);
  });

  it("puts an avantage of which more was given back than sold at the credit", () => {
    const lines = [lineOf({ amountCents: -100 }), lineOf({ avantage: "CINEMA", amountCents: 900 })];
    expect(rowsOf([paymentOf({ amountCents: 800 })], lines)[0]).toMatchObject({
      account: "Livres loisir",
      debit: "",
      credit: "1,00",
    });
  });

  it("undoes a returned payment, whose lines are in it no more", () => {
    const rows = rowsOf([paymentOf({ state: "REJECTED", reason: "AC04" })], []);
    expect(rows.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ["Trésorerie", "", "12,34"],
      ["Trésorerie, virement rejeté", "12,34", ""],
    ]);
  });

  it("is not made where lines do not come to their payment", () => {
    expect(() => rowsOf([paymentOf()], [lineOf({ amountCents: 1_233 })])).toThrow("payment 1");
  });

  it("is balanced to the cent, entry by entry, for any payments", () => {
    const amounts = fc.array(fc.integer({ min: -5_000, max: 100_000 }), {
      minLength: 1,
      maxLength: 9,
    });
    const options = printedSeed("accounts", 200);
    fc.assert(
      fc.property(fc.array(amounts, { maxLength: 6 }), (partners) => {
        const lines = partners.flatMap((cents, index) =>
          cents.map((amountCents, no) => {
            const partnerId = `P-${index + 1}`;
            const payment = { settlement: "2023-03-19", partnerId };
            return lineOf({ partnerId, payment, amountCents, avantage: `A${no % 3}` });
          }),
        );
        const payments = partners.map((cents, index) =>
          paymentOf({ no: index + 1, amountCents: cents.reduce((sum, it) => sum + it, 0) }),
        );
        for (const { piece } of rowsOf(payments, lines)) {
          const entry = rowsOf(payments, lines).filter((row) => row.piece === piece);
          const sum = entry.reduce((sum, it) => sum + centsOf(it.debit) - centsOf(it.credit), 0);
          expect(sum).toBe(0);
        }
      }),
      options,
    );
  });
});
