// A bank's status report, marked in the books: its numbers become partners, and its silence the payments not named.

import type { Payment } from "../core/settlement/model.js";
import type {
  PaymentStatusOutcome,
  ReportedOutcome,
  SettlementStore,
  StatusReportResult,
} from "../core/settlement/ports.js";
import type { ReportedStatus, SettlementsOptions } from "./options.js";

/** The payments that are marked in one go: sales come between two of these, however many a report names. */
export const STATUSES_PER_STEP = 100;

type Books = Pick<SettlementStore, "settlement" | "payments" | "recordStatus">;

/** Builds what reads status reports. The same one again changes nothing. */
export function createStatusReports(options: {
  readonly store: Books;
  readonly files: Pick<SettlementsOptions["files"], "readStatusReport">;
}): (xml: string) => Promise<StatusReportResult> {
  const { store, files } = options;

  return async (xml) => {
    const report = files.readStatusReport(xml);
    if (report.type === "refused") return report;
    const statuses: Named[] = [];
    const settlements = new Set(report.statuses.map(({ settlement }) => settlement));
    for (const settlement of settlements) {
      if ((await store.settlement(settlement))?.state !== "filed") return notHere(settlement);
      const own = report.statuses.filter((it) => it.settlement === settlement);
      statuses.push(...named(own, await store.payments(settlement)));
    }
    return { type: "read", outcomes: await mark(store, statuses) };
  };
}

type Named = Omit<ReportedStatus, "no"> & {
  readonly no: number;
  readonly partnerId: string | null;
};

/** @param payments all of the settlement. */
function named(
  statuses: readonly ReportedStatus[],
  payments: readonly Payment[],
): readonly Named[] {
  const partners = new Map(payments.map(({ no, partnerId }) => [no, partnerId]));
  const told = new Set(statuses.map(({ no }) => no));
  const untold = payments.map(({ no }) => no).filter((no) => !told.has(no));
  return statuses.flatMap((status) =>
    (status.no === null ? untold : [status.no]).map((no) => ({
      ...status,
      no,
      partnerId: partners.get(no) ?? null,
    })),
  );
}

async function mark(store: Books, statuses: readonly Named[]): Promise<readonly ReportedOutcome[]> {
  const known = statuses.filter(isKnown);
  const marked: PaymentStatusOutcome[] = [];
  for (let from = 0; from < known.length; from += STATUSES_PER_STEP) {
    marked.push(...(await store.recordStatus(known.slice(from, from + STATUSES_PER_STEP))));
  }
  const outcomes = new Map<Named, ReportedOutcome["outcome"] | undefined>(
    known.map((status, index) => [status, marked[index]?.outcome]),
  );
  return statuses.map((status) => {
    const { settlement, no, partnerId } = status;
    return { settlement, no, partnerId, outcome: outcomes.get(status) ?? "unknown" };
  });
}

const isKnown = (status: Named): status is Named & { readonly partnerId: string } =>
  status.partnerId !== null;

const notHere = (settlement: string): StatusReportResult => ({
  type: "refused",
  detail: `the report is of settlement ${settlement}, of which no payment file was made here; check which gateway sent it to the bank`,
});
