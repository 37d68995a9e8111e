// What the Région owes a partner for a sale, and which of the partner's papers hold that: events, accrual and holds.

import { expect } from "vitest";
import * as calendar from "../../../gateway/src/catalogue/civil-dates.js";
import type { PartnerEvent } from "../../../gateway/src/core/loading/event.js";
import type { PartnerFile } from "../../../gateway/src/core/loading/file.js";
import { load } from "../../../gateway/src/core/loading/load.js";
import type { Loaded, LoadWrite } from "../../../gateway/src/core/loading/loaded.js";
import type { Convention } from "../../../gateway/src/core/model.js";
import type { AvantageRule, Programme } from "../../../gateway/src/core/programme.js";
import { accrueSale } from "../../../gateway/src/core/settlement/accrual.js";
import type { HoldReason, NewLine } from "../../../gateway/src/core/settlement/model.js";
import { holdsOf, paperRulesOf } from "../../../gateway/src/core/settlement/papers.js";
import { aConvention, NOW_MS } from "../../support/builders.js";
import { OPERATOR, THIS_YEAR } from "./events.js";
import { avantage, expectStated } from "./rule-check.js";

/** What is owed for a sale in March 2023; null where nothing is. */
export function owedFor(
  programme: Programme,
  sale: {
    readonly avantage: string;
    /** In the avantage's unit. */
    readonly units: number;
    readonly schoolYear?: string;
    readonly conventions?: readonly Convention[];
  },
): NewLine | null {
  const { units, schoolYear = THIS_YEAR, conventions = [] } = sale;
  const { code, unit, reimbursement } = avantage(programme, sale.avantage);
  const made = { terminalId: "terminal-1", saleId: "sale-1", refundId: null, partnerId: SHOP.id };
  const movement = { ...made, avantage: code, unit, units, takenAtMs: NOW_MS, atMs: NOW_MS };
  return accrueSale({
    movement: { kind: "sale", ...movement, programmeHash: programme.hash },
    reimbursement,
    conventions,
    schoolYear,
  });
}

/** A convention's own, for a test. */
const OWN_TARIFF = 300;

/**
 * What the Région pays back for a use, without a tariff of the partner's own and with one; and that the data says so
 * itself, because what is left unsaid compiles to nothing paid.
 */
export function expectReimbursed(
  programme: Programme,
  code: string,
  by: AvantageRule["reimbursement"]["by"],
  tariffCentsPerUnit = 0,
): void {
  const perUnit = (tariffs: Readonly<Record<string, number>>) => {
    const sale = { avantage: code, units: 2, conventions: [aConvention({ tariffs })] };
    return (owedFor(programme, sale)?.amountCents ?? 0) / 2;
  };
  const paid = { debit: [1, 1], tariff: [tariffCentsPerUnit, OWN_TARIFF] };
  const expected = { ...paid, convention: [0, OWN_TARIFF], nothing: [0, 0] };
  expect([perUnit({}), perUnit({ [code]: OWN_TARIFF })]).toEqual(expected[by]);
  expectStated(programme, `${code}/reimbursed`);
}

const SHOP = {
  id: "P-1",
  name: "Outillage Express",
  status: "active",
  types: ["EQUIPEMENT", "LIBRAIRIE"],
  flags: [],
} as const;

export interface PaperShop {
  /** Sends an event of this shop's, on a Paris day. */
  send(event: PaperEvent, today?: string): Loaded;
  /** What holds the reimbursement of a sale as things stand. */
  holds(avantage: string, schoolYear?: string): readonly HoldReason[];
}

type EventOf<T extends PartnerEvent["type"]> = Extract<PartnerEvent, { readonly type: T }>;
export type PaperEvent =
  | Omit<EventOf<"equipment.declared">, "partner">
  | Omit<EventOf<"justificatif.received">, "partner">
  | Omit<EventOf<"justificatif.rejected">, "partner">;

/** A shop for equipment, and for books, that can be paid and has sent no paper yet. */
export function paperShop(programme: Programme): PaperShop {
  let file: PartnerFile = {
    partner: SHOP,
    conventions: [],
    agrements: [],
    bank: { holder: SHOP.name, iban: "FR7630006000011234567890189", bic: null },
    declarations: [],
    justificatifs: [],
    pointOfSalePartner: null,
    conventionPartner: null,
  };
  return {
    send(event, today = "2023-03-15") {
      const nowMs = Date.parse(`${today}T10:00:00Z`);
      const about: PartnerEvent = { ...event, partner: SHOP.id };
      const loaded = load({ event: about, agent: OPERATOR, file, nowMs, programme, calendar });
      if (loaded.outcome !== "refused") file = loaded.writes.reduce(written, file);
      return loaded;
    },
    holds(code, schoolYear = THIS_YEAR) {
      const line = owedFor(programme, { avantage: code, units: 1000, schoolYear });
      if (line === null) throw new Error(`nothing is owed for ${code}`);
      const papers = { ...file, ...SHOP, partnerId: SHOP.id };
      return holdsOf({ ...line, ofPaidSale: false }, papers, paperRulesOf(programme));
    },
  };
}

function written(file: PartnerFile, write: LoadWrite): PartnerFile {
  switch (write.type) {
    case "putDeclaration": {
      const { declaration } = write;
      const others = file.declarations.filter((it) => it.schoolYear !== declaration.schoolYear);
      return { ...file, declarations: [...others, declaration] };
    }
    case "putJustificatif": {
      const { justificatif } = write;
      const others = file.justificatifs.filter((it) => it.reference !== justificatif.reference);
      return { ...file, justificatifs: [...others, justificatif] };
    }
    default:
      throw new Error(`${write.type} is no paper`);
  }
}

export const declared = (
  types: EventOf<"equipment.declared">["declaration"]["types"],
  schoolYear: string = THIS_YEAR,
): PaperEvent => ({ type: "equipment.declared", declaration: { schoolYear, types } });

export const paper = (
  kind: EventOf<"justificatif.received">["justificatif"]["kind"],
  change: {
    readonly reference?: string;
    readonly schoolYear?: string;
    readonly receivedOn?: string;
  } = {},
): PaperEvent => ({
  type: "justificatif.received",
  justificatif: {
    reference: kind,
    schoolYear: THIS_YEAR,
    kind,
    receivedOn: "2022-09-12",
    rejectedOn: null,
    ...change,
  },
});
