// A month of 200 partners, week after week to the bank: what was debited is paid or held, to the cent.

import { DOMParser } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";
import { createParisDays, parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import type { PartnerEvent } from "../../gateway/src/core/loading/event.js";
import type { SettlementReport } from "../../gateway/src/core/settlement/ports.js";
import { createCutoffs } from "../../gateway/src/settlement/calendar.js";
import { createReimbursements } from "../../gateway/src/settlement/reimbursements.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { programmeWith } from "../support/builders.js";
import { OPERATOR, openShop, type Shop } from "../support/shop.js";
import { tempFiles } from "../support/temp-folder.js";
import { EQUIPMENT_SHOP, type MonthPartner, monthPartners } from "./support/month-partners.js";
import { createTills } from "./support/month-tills.js";

const newFile = tempFiles();

const PARTNERS = 200;
const CARDS = 150;
const SALES_A_DAY = 120;
const SEED = 2023;
const SCHOOL_YEAR = "2022/2023";
/** The shop that has declared what it sells, and whose paper comes in after the third cut-off. */
const LATE = EQUIPMENT_SHOP;
const PAPER_DAY = "2023-03-22";

const PAYER = { name: "Region", iban: "FR7630006000011234567890189", bic: "AGRIFRPP" };
const PROGRAMME = programmeWith({
  settings: { settlement: { lastWeekday: 7, holdAll: false, payer: PAYER } },
});
const GRANTS = {
  SPECTACLE: 30_000,
  LIVRES_LOISIR: 15_000,
  LICENCE: 3_000,
  CINEMA: 60,
  EQUIPEMENT: 50_000,
  MUSEE: 0,
  APPRENTI_EQUIPEMENT: 0,
};

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dayMs = (day: number) => Date.parse(`2023-03-${String(day).padStart(2, "0")}T09:00:00Z`);

/** Σ of the transfers of a payment file, in cents, by EndToEndId: read from the XML, as a bank does. */
function transfersOf(file: Uint8Array | null): ReadonlyMap<string, number> {
  if (file === null) return new Map();
  const xml = new DOMParser().parseFromString(new TextDecoder().decode(file), "text/xml");
  return new Map(
    [...xml.getElementsByTagName("CdtTrfTxInf")].map((transfer) => {
      const text = (tag: string) => transfer.getElementsByTagName(tag)[0]?.textContent ?? "";
      return [text("EndToEndId"), Math.round(Number(text("InstdAmt")) * 100)];
    }),
  );
}

async function send(shop: Shop, event: PartnerEvent): Promise<void> {
  const answer = await shop.send(event, { agent: OPERATOR });
  if (answer.type !== "loaded") throw new Error(`${event.type}: ${JSON.stringify(answer)}`);
}

async function openMonth(partners: readonly MonthPartner[]) {
  const shop = await openShop(sqliteDriver(newFile()), {
    seed: SEED,
    cards: CARDS,
    terminals: PARTNERS,
    grants: GRANTS,
    programme: PROGRAMME,
  });
  shop.clock.setNow(dayMs(1));
  await shop.store.load({
    partners: partners.map(({ record }) => record),
    pointsOfSale: partners.map(({ id }) => ({
      id: `pos-${id}`,
      partnerId: id,
      name: id,
      city: "Lyon",
    })),
    terminals: partners.map(({ id }, index) =>
      shop.terminal(index).record({ pointOfSaleId: `pos-${id}` }),
    ),
  });
  for (const { id: partner, iban, papers } of partners) {
    await send(shop, {
      type: "bankAccount.saved",
      partner,
      account: { holder: partner, iban, bic: null },
    });
    if (papers === "none") continue;
    const declaration = {
      schoolYear: SCHOOL_YEAR,
      types: papers === "notConcerned" ? [] : (["OUTILLAGE"] as const),
    };
    await send(shop, { type: "equipment.declared", partner, declaration });
    if (papers === "complete") await sendPaper(shop, partner);
  }
  return shop;
}

const sendPaper = (shop: Shop, partner: string) =>
  send(shop, {
    type: "justificatif.received",
    partner,
    justificatif: {
      reference: `J-${partner}`,
      schoolYear: SCHOOL_YEAR,
      kind: "PHOTO_STICKER",
      receivedOn: "2023-02-28",
      rejectedOn: null,
    },
  });

describe("a month of 200 partners", { timeout: 240_000 }, () => {
  it("is paid or held to the cent, week after week", async () => {
    const partners = monthPartners(PARTNERS);
    const shop = await openMonth(partners);
    const settlements = createReimbursements({
      store: shop.store,
      programme: PROGRAMME,
      clock: shop.clock,
      dayOf: createParisDays(),
    });
    const tills = createTills({ shop, partners, seed: SEED, salesADay: SALES_A_DAY });
    const cutoffs = createCutoffs(PROGRAMME.settings.settlement.lastWeekday);
    const files = new Map<string, Uint8Array | null>();
    const latePaid: number[] = [];
    const approvedAtLate: number[] = [];
    let returned = "";

    async function settle(lastDay: string): Promise<SettlementReport> {
      const result = await settlements.settle(lastDay);
      if (result.type !== "settled") throw new Error(result.detail);
      files.set(lastDay, await settlements.paymentFile(lastDay));
      const payments = await shop.store.settlement.payments(lastDay);
      latePaid.push(payments.find(({ partnerId }) => partnerId === LATE)?.amountCents ?? 0);
      return result.report;
    }

    for (let day = 1; day <= 31; day += 1) {
      shop.clock.setNow(dayMs(day));
      if (parisDay(shop.clock.nowMs()) === PAPER_DAY) await sendPaper(shop, LATE);
      approvedAtLate.push(await tills.playDay(LATE));
      const period = cutoffs.periodEndingOn(parisDay(shop.clock.nowMs()));
      if (!period) continue;
      shop.clock.setNow(period.cutoffMs + 60_000);
      await settle(period.lastDay);
      if (period.lastDay === "2023-03-12") {
        // One account turns out to be closed: the bank sends the money back.
        const [payment] = await shop.store.settlement.payments(period.lastDay);
        if (!payment) throw new Error("the second week paid somebody");
        returned = `PASSREGION-${period.lastDay}-${payment.no}`;
        const { settlement, partnerId } = payment;
        const said = { about: "payment", saidAtMs: shop.clock.nowMs() } as const;
        const status = {
          settlement,
          partnerId,
          status: "REJECTED",
          reason: "AC04",
          ...said,
        } as const;
        await shop.store.settlement.recordStatus([status]);
      }
    }
    shop.clock.setNow(Date.parse("2023-04-03T06:00:00Z"));
    const last = await settle("2023-04-02");

    const owed = tills.owedCents();
    const lines: { partnerId: string; amountCents: number; state: string }[] = [];
    for await (const line of shop.store.settlement.lines({})) lines.push(line);
    const transfers = [...files.values()].flatMap((file) => [...transfersOf(file)]);
    const paid = sum(transfers.filter(([id]) => id !== returned).map(([, cents]) => cents));
    const held = sum(
      lines.filter(({ state }) => state === "HELD").map(({ amountCents }) => amountCents),
    );
    // What the tills saw, what the books say, and what the bank was told, each counted by itself.
    expect(sum(lines.map(({ amountCents }) => amountCents))).toBe(sum([...owed.values()]));
    const carried = last.carriedCents - last.owedBackCents;
    expect(paid + held + carried).toBe(sum([...owed.values()]));
    expect(last.heldCents).toBe(held);
    for (const { id } of partners) {
      const own = sum(
        lines.filter((line) => line.partnerId === id).map(({ amountCents }) => amountCents),
      );
      expect(own, id).toBe(owed.get(id) ?? 0);
    }
    expect(transfers.some(([id]) => id === returned)).toBe(true);

    // Without its paper the shop is unpaid and its sales go on; once it is in, all of it is paid.
    expect(latePaid.slice(0, 3)).toEqual([0, 0, 0]);
    expect(approvedAtLate.every((count) => count > 0)).toBe(true);
    expect(sum(latePaid)).toBe(owed.get(LATE));
    expect(sum(latePaid)).toBeGreaterThan(0);

    const paidPartners = new Set(
      lines.filter(({ state }) => state === "BATCHED").map(({ partnerId }) => partnerId),
    );
    const silent = partners.filter((it) => it.avantage === "EQUIPEMENT" && it.papers === "none");
    expect(silent.filter(({ id }) => owed.has(id)).length).toBeGreaterThan(0);
    for (const { id } of silent) expect(paidPartners.has(id), id).toBe(false);
    expect(held).toBeGreaterThan(0);
    expect((await shop.store.verify()).faults).toEqual([]);
    console.info(
      `${tills.sales()} sales, ${lines.length} lines, ${transfers.length} transfers: ${sum([...owed.values()])} cents owed = ${paid} paid + ${held} held + ${carried} carried`,
    );
    await shop.store.close();
  });
});
