// The accounts' export: every entry balanced to the cent, a returned payment booked back avantage by avantage.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paymentOf } from "../../../../tests/settlement/support/payments.js";
import { printedSeed } from "../../../../tests/support/random.js";
import { accountsCsv, type ChargedPayment } from "./accounts-csv.js";

const labels = new Map([["LIVRES", "Livres loisir"]]);

function rowsOf(payments: readonly ChargedPayment[], returns: readonly ChargedPayment[] = []) {
  const csv = accountsCsv({ lastDay: "2023-03-26", payments, returns, labels });
  const [, ...rows] = csv.trimEnd().split("\r\n");
  return rows.map((row) => {
    const [journal, day, piece, partner, account, words, debit = "", credit = ""] = row.split(";");
    return { journal, day, piece, partner, account, words, debit, credit };
  });
}

const centsOf = (euros: string) => Number(euros.replace(",", ""));

const TWO_AVANTAGES: ChargedPayment = {
  payment: paymentOf({ amountCents: 1_800, lines: 3 }),
  charges: [
    { avantage: "LIVRES", amountCents: 900 },
    { avantage: "CINEMA", amountCents: 900 },
  ],
};

describe("the accounts' export", () => {
  it("has an entry for each payment: its avantages at the debit, the treasury at the credit", () => {
    const same = {
      journal: "PASSREGION",
      day: "26/03/2023",
      piece: "PASSREGION-2023-03-19-1",
      partner: "P-1",
      words: "Pass'Région, Librairie 1, 3 lignes",
    };
    expect(rowsOf([TWO_AVANTAGES])).toEqual([
      { ...same, account: "Livres loisir", debit: "9,00", credit: "" },
      { ...same, account: "CINEMA", debit: "9,00", credit: "" },
      { ...same, account: "Trésorerie", debit: "", credit: "18,00" },
    ]);
  });

  it("puts an avantage of which more was given back than sold at the credit", () => {
    const charges = [
      { avantage: "LIVRES", amountCents: -100 },
      { avantage: "CINEMA", amountCents: 900 },
    ];
    expect(rowsOf([{ payment: paymentOf({ amountCents: 800 }), charges }])[0]).toMatchObject({
      account: "Livres loisir",
      debit: "",
      credit: "1,00",
    });
  });

  it("books a returned payment with its sides exchanged, under its own reference and with the reason", () => {
    const payment = { ...TWO_AVANTAGES.payment, state: "REJECTED", reason: "AC04" } as const;
    const rows = rowsOf([], [{ ...TWO_AVANTAGES, payment }]);
    expect(rows.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ["Livres loisir", "", "9,00"],
      ["CINEMA", "", "9,00"],
      ["Trésorerie", "18,00", ""],
    ]);
    expect(rows[0]).toMatchObject({
      day: "26/03/2023",
      piece: "PASSREGION-2023-03-19-1",
      words: "Pass'Région, Librairie 1, 3 lignes, virement rejeté (AC04)",
    });
  });

  it("is not made where charges do not come to their payment", () => {
    const charges = [{ avantage: "LIVRES", amountCents: 1_233 }];
    expect(() => rowsOf([{ payment: paymentOf(), charges }])).toThrow("payment 1");
  });

  it("is balanced to the cent, entry by entry, for any payments and returns", () => {
    const amounts = fc.array(fc.integer({ min: -5_000, max: 100_000 }), {
      minLength: 1,
      maxLength: 9,
    });
    const charged = (partners: readonly (readonly number[])[], settlement: string) =>
      partners.map((cents, index) => {
        const amountCents = cents.reduce((sum, it) => sum + it, 0);
        const charges = cents.map((it, no) => ({ avantage: `A${no}`, amountCents: it }));
        return { payment: paymentOf({ settlement, no: index + 1, amountCents }), charges };
      });
    fc.assert(
      fc.property(
        fc.array(amounts, { maxLength: 6 }),
        fc.array(amounts, { maxLength: 3 }),
        (paid, returned) => {
          const rows = rowsOf(charged(paid, "2023-03-26"), charged(returned, "2023-03-19"));
          const entries = new Map<string | undefined, number>();
          for (const { piece, debit, credit } of rows) {
            entries.set(piece, (entries.get(piece) ?? 0) + centsOf(debit) - centsOf(credit));
          }
          expect(entries.size).toBe(paid.length + returned.length);
          expect([...entries.values()].every((sum) => sum === 0)).toBe(true);
        },
      ),
      printedSeed("accounts", 200),
    );
  });
});
