// What partners and the accounts are told: every hold and every return in words, and every charge booked once.

import { describe, expect, it } from "vitest";
import type { MakeDriver } from "./open.js";
import {
  type Books,
  declared,
  FIRST,
  openBooks,
  paid,
  received,
  returned,
  SECOND,
  THIRD,
} from "./settlement-books.js";

const MONTH = { firstDay: "2023-03-13", lastDay: "2023-04-02" };
const HELD_WHY = "Motif de l'attente";

/** The rows of a partner's statement by their headings. */
async function statementOf(shop: Books, partnerId = "partner-1") {
  const csv = await shop.settlements.statement({ partnerId, ...MONTH, format: "csv" });
  const [heading = [], ...rows] = (csv ?? "")
    .slice(1)
    .trimEnd()
    .split("\r\n")
    .map((row) => row.split(";"));
  return rows.map((row) => Object.fromEntries(heading.map((name, index) => [name, row[index]])));
}

const whyOf = async (shop: Books) => (await statementOf(shop))[0]?.[HELD_WHY];

/** Euros of an account in a settlement's export: debits less credits. */
async function bookedIn(shop: Books, lastDay: string, account: string): Promise<number> {
  const csv = (await shop.settlements.accounts(lastDay)) ?? "";
  const cents = (euros = "") => Math.round(Number(euros.replace(",", ".")) * 100);
  return csv
    .split("\r\n")
    .map((row) => row.split(";"))
    .filter(([, , , , name]) => name === account)
    .reduce((sum, row) => sum + cents(row[6]) - cents(row[7]), 0);
}

export function describeTold(makeDriver: MakeDriver): void {
  const open = () => openBooks(makeDriver);

  describe("a statement", () => {
    it("tells what was sold a moment ago, of one partner", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_234);
      expect(await statementOf(shop)).toMatchObject([{ "Montant (EUR)": "12,34" }, {}]);
      expect(await statementOf(shop, "partner-2")).toEqual([]);
      const nobody = { partnerId: "nobody", ...MONTH, format: "csv" } as const;
      expect(await shop.settlements.statement(nobody)).toBeNull();
    });

    it("tells what holds a line now, before its first settlement and after each paper", async () => {
      const shop = await open();
      await shop.sell("EQUIPEMENT", 6_000);
      expect(await whyOf(shop)).toMatch(/^Déclaration manquante pour l'année scolaire 2022/);
      await shop.settle(FIRST);
      await shop.tell(declared(["OUTILLAGE"]));
      expect(await whyOf(shop)).toMatch(/^Justificatif manquant/);
      await shop.settle(SECOND);
      await shop.tell(received());
      expect(await whyOf(shop)).toMatch(/^Reçu : /);
      await shop.settle(THIRD);
      expect(await whyOf(shop)).toBe("");
    });

    it("shows a returned payment and why it came back, and still does once it is paid again", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      const [line, payment] = await statementOf(shop);
      expect(line?.[HELD_WHY]).toBe(
        "Virement du remboursement au 19/03/2023 rejeté par la banque (AC04) : vérifiez votre RIB. Repris au prochain remboursement.",
      );
      const first = { Virement: "PASSREGION-2023-03-19-1", État: "Rejeté par la banque (AC04)" };
      expect(payment).toMatchObject(first);
      await shop.settle(SECOND);
      const second = { Virement: "PASSREGION-2023-03-26-1", État: "En cours" };
      const after = await statementOf(shop);
      expect(after.slice(0, 3)).toMatchObject([{ [HELD_WHY]: "" }, first, second]);
      const page = { partnerId: "partner-1", ...MONTH, format: "html" } as const;
      expect(await shop.settlements.statement(page)).toContain("Rejeté par la banque (AC04)");
    });

    it("names the payment that came back last", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      for (const period of [FIRST, SECOND]) {
        await shop.settle(period);
        await shop.books.recordStatus([returned(period.lastDay)]);
      }
      expect(await whyOf(shop)).toMatch(/^Virement du remboursement au 26\/03\/2023/);
    });

    it("has no payment of other days", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      await shop.sell("SPECTACLE", 200);
      await shop.settle(SECOND);
      const days = { firstDay: "2023-03-20", lastDay: "2023-03-26" };
      const query = { partnerId: "partner-1", ...days, format: "csv" } as const;
      const statement = await shop.settlements.statement(query);
      expect(statement).toContain("PASSREGION-2023-03-26-1");
      expect(statement).not.toContain("PASSREGION-2023-03-19-1");
    });

    it("promises nothing to a partner whose balance is zero or less, until it has sold more", async () => {
      const shop = await open();
      const sale = await shop.sell("SPECTACLE", 1_000);
      await shop.reverse(sale);
      await shop.settle(FIRST);
      expect(await whyOf(shop)).toBe("Reporté : le solde n'est pas positif.");
      await shop.sell("SPECTACLE", 300);
      expect(await whyOf(shop)).toBe("Au prochain remboursement.");
    });
  });

  describe("the accounts of a settlement", () => {
    it("are there once its file is, in debits and credits", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      expect(await shop.settlements.accounts(FIRST.lastDay)).toBeNull();
      await shop.settle(FIRST);
      expect((await shop.settlements.accounts(FIRST.lastDay))?.match(/10,00/g)).toHaveLength(2);
    });

    it("are the same whenever asked for, and book a return once, where it is paid again", async () => {
      const shop = await open();
      await shop.sell("SPECTACLE", 1_000);
      await shop.settle(FIRST);
      const before = await shop.settlements.accounts(FIRST.lastDay);
      await shop.books.recordStatus([paid(FIRST.lastDay)]);
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      expect(await shop.settlements.accounts(FIRST.lastDay)).toBe(before);
      await shop.settle(SECOND);
      await shop.sell("SPECTACLE", 200);
      await shop.settle(THIRD);
      expect(await shop.settlements.accounts(FIRST.lastDay)).toBe(before);
      const second = await shop.settlements.accounts(SECOND.lastDay);
      expect(second?.match(/PASSREGION-2023-03-19-1;.*virement rejeté \(AC04\)/g)).toHaveLength(2);
      const days = [FIRST, SECOND, THIRD].map(({ lastDay }) => lastDay);
      const treasury = await Promise.all(days.map((day) => bookedIn(shop, day, "Trésorerie")));
      expect(treasury).toEqual([-1_000, 0, -200]);
    });

    it("book a return of lines that nothing pays now", async () => {
      const shop = await open();
      await shop.tell(declared([]));
      await shop.sell("EQUIPEMENT", 1_000);
      await shop.settle(FIRST);
      await shop.books.recordStatus([returned(FIRST.lastDay)]);
      await shop.tell(declared(["OUTILLAGE"]));
      expect(await shop.settle(SECOND)).toEqual([]);
      expect(await shop.settlements.paymentFile(SECOND.lastDay)).toBeNull();
      expect(await bookedIn(shop, SECOND.lastDay, "Trésorerie")).toBe(1_000);
    });
  });
}
