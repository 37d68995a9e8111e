// The books of reimbursement of a shop, two partners with a terminal each, and what the tests do with them.

import type { LoadEvent } from "../../../gateway/src/core/loading/event.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import type {
  EquipmentType,
  Justificatif,
  Payment,
  SettlementLine,
} from "../../../gateway/src/core/settlement/model.js";
import type {
  LinesQuery,
  PaymentStatus,
  SettlementStore,
  Settlements,
} from "../../../gateway/src/core/settlement/ports.js";
import { schoolYearOf } from "../../../gateway/src/settlement/calendar.js";
import { accountsCsv } from "../../../gateway/src/settlement/files/accounts-csv.js";
import { paymentFile } from "../../../gateway/src/settlement/files/payment-file.js";
import { statementCsv } from "../../../gateway/src/settlement/files/statement-csv.js";
import { statementHtml } from "../../../gateway/src/settlement/files/statement-html.js";
import { readStatusReport } from "../../../gateway/src/settlement/files/status-report.js";
import { createSettlements } from "../../../gateway/src/settlement/service.js";
import type { Driver } from "../../../gateway/src/store/driver.js";
import { createSettlementSteps } from "../../../gateway/src/store/settlement/steps.js";
import { aConvention, programmeWith } from "../../support/builders.js";
import { readTestProgramme, TEST_PROGRAMME } from "../../support/programme.js";
import { codeOf, partnerRecord, type Shop } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

/** The period of the tests' first instant, and the two after it; summer time begins on the last day of the second. */
export const FIRST = { lastDay: "2023-03-19", cutoffMs: Date.parse("2023-03-19T23:00:00Z") };
export const SECOND = { lastDay: "2023-03-26", cutoffMs: Date.parse("2023-03-26T22:00:00Z") };
export const THIRD = { lastDay: "2023-04-02", cutoffMs: Date.parse("2023-04-02T22:00:00Z") };

const SETTLEMENT = {
  ...TEST_PROGRAMME.settings.settlement,
  payer: { name: "Region", iban: "FR7630006000011234567890189", bic: "AGRIFRPP" },
};
/** The test programme with somebody who pays. */
export const PAYING_PROGRAMME: Programme = programmeWith({ settings: { settlement: SETTLEMENT } });

export interface BooksOptions {
  readonly driver?: Driver;
  readonly programme?: Programme;
  readonly readProgramme?: (json: string) => Programme;
}

/** The steps on a driver without its engine, for another programme or other movements; each alone, in one transaction. */
export function stepsOn(shop: Pick<Shop, "driver" | "clock">, options: BooksOptions = {}) {
  const { driver = shop.driver, programme = PAYING_PROGRAMME } = options;
  let last: Promise<unknown> = Promise.resolve();
  function readAlone<T>(work: () => T | Promise<T>): Promise<T> {
    const run = last.then(work, work);
    last = run.catch(() => undefined);
    return run;
  }
  const transact = <T>(work: () => Promise<T>) =>
    readAlone(async () => {
      await driver.begin();
      try {
        const result = await work();
        await driver.sync();
        return result;
      } catch (error) {
        await driver.rollback();
        throw error;
      }
    });
  const { readProgramme = readTestProgramme } = options;
  const { clock } = shop;
  return createSettlementSteps({
    ...{ driver, programme, readProgramme, schoolYearOf, clock, transact, readAlone },
  });
}

const FILES = { paymentFile, readStatusReport, statementCsv, statementHtml, accountsCsv };

/** What the operator can do, over a store of books. */
export function settlementsOf(
  shop: Pick<Shop, "clock">,
  store: SettlementStore,
  programme = PAYING_PROGRAMME,
): Settlements {
  const { clock } = shop;
  return createSettlements({ store, files: FILES, alerts: async () => [], programme, clock });
}

export interface Books extends Shop {
  readonly books: SettlementStore;
  readonly settlements: Settlements;
  /** Sells, and fails the test where that is not approved; returns the sale's id. */
  sell(
    avantage: string,
    units: number,
    options?: { terminal?: number; capture?: boolean },
  ): Promise<string>;
  lines(query?: LinesQuery): Promise<readonly SettlementLine[]>;
  /** Everything that moved becomes lines. */
  accrue(): Promise<void>;
  /** Closes a period a minute after its end, and returns the payments that were made. */
  settle(period: {
    readonly lastDay: string;
    readonly cutoffMs: number;
  }): Promise<readonly Payment[]>;
  tell(event: LoadEvent): Promise<void>;
}

/** Euros in cents, seats in pieces. */
const GRANTS = { SPECTACLE: 100_000, EQUIPEMENT: 100_000, CINEMA: 5, MUSEE: 0 };

/**
 * A shop with a second partner, at whose door the second terminal stands. Both have an account.
 *
 * @param wrap what stands between the store and its driver.
 */
export async function openBooks(
  makeDriver: MakeDriver,
  { wrap = (driver) => driver }: { readonly wrap?: (driver: Driver) => Driver } = {},
): Promise<Books> {
  const shop = await openFor(makeDriver, { grants: GRANTS, wrap });
  await shop.store.load({
    partners: [
      partnerRecord({ id: "partner-2", conventions: [aConvention({ reference: "C-2" })] }),
    ],
    pointsOfSale: [{ id: "pos-2", partnerId: "partner-2", name: "Annexe", city: "Lyon" }],
    terminals: [shop.terminal(1).record({ pointOfSaleId: "pos-2" })],
  });
  const books = shop.store.settlement;
  const settlements = settlementsOf(shop, books);

  async function tell(event: LoadEvent): Promise<void> {
    const code = codeOf(await shop.send(event));
    if (code !== "loaded") throw new Error(`${event.type}: ${code}`);
  }
  for (const partner of ["partner-1", "partner-2"]) await tell(accountSaved(partner));

  return {
    ...shop,
    books,
    settlements,
    tell,
    async sell(avantage, units, { terminal = 0, capture = true } = {}) {
      const unit = TEST_PROGRAMME.avantages.get(avantage)?.unit;
      const isCounted = unit === "SEAT" || unit === "COUPON";
      const request = shop.request({
        avantage,
        purchaseCents: unit === "EUR_CENT" ? units : undefined,
        ...(isCounted ? { quantity: units } : {}),
        ...(capture ? {} : { capture }),
      });
      const code = codeOf(await shop.authorize(request, shop.terminal(terminal)));
      if (!code.startsWith("APPROVED")) throw new Error(`a sale of ${avantage}: ${code}`);
      return request.id;
    },
    lines: (query) => linesOf(books, query),
    async accrue() {
      while ((await books.accrue()).more);
    },
    async settle({ lastDay, cutoffMs }) {
      shop.clock.setNow(cutoffMs + 60_000);
      const result = await settlements.settle(lastDay);
      if (result.type === "refused") throw new Error(result.detail);
      return books.payments(lastDay);
    },
  };
}

/** Lines as a list. */
export async function linesOf(
  books: Pick<SettlementStore, "lines">,
  query: LinesQuery = {},
): Promise<readonly SettlementLine[]> {
  const lines: SettlementLine[] = [];
  for await (const line of books.lines(query)) lines.push(line);
  return lines;
}

export const accountSaved = (partner: string): LoadEvent => ({
  type: "bankAccount.saved",
  partner,
  account: { holder: partner, iban: "FR7630006000011234567890189", bic: null },
});

/** A paper of the tests' school year. */
export const received = (change: Partial<Justificatif> = {}): LoadEvent => ({
  type: "justificatif.received",
  partner: "partner-1",
  justificatif: {
    reference: "J-1",
    schoolYear: "2022/2023",
    kind: "PHOTO_STICKER",
    receivedOn: "2023-03-10",
    rejectedOn: null,
    ...change,
  },
});

/** What a bank says of one payment: first that it paid, and then that it came back. */
const SAID_AT_MS = FIRST.cutoffMs;
export const paid = (settlement: string, partnerId = "partner-1"): PaymentStatus => ({
  ...{ settlement, partnerId, status: "PAID", reason: null },
  ...{ about: "payment", saidAtMs: SAID_AT_MS },
});
export const returned = (settlement: string, partnerId = "partner-1"): PaymentStatus => ({
  ...{ settlement, partnerId, status: "REJECTED", reason: "AC04" },
  ...{ about: "payment", saidAtMs: SAID_AT_MS + 1 },
});

export const declared = (
  types: readonly EquipmentType[],
  { partner = "partner-1", schoolYear = "2022/2023" } = {},
): LoadEvent => ({ type: "equipment.declared", partner, declaration: { schoolYear, types } });
