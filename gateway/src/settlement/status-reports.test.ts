import { describe, expect, it } from "vitest";
import type { Payment, Settlement } from "../core/settlement/model.js";
import type { PaymentStatus } from "../core/settlement/ports.js";
import type { ReportedStatus } from "./options.js";
import { createStatusReports, STATUSES_PER_STEP } from "./status-reports.js";

const DAY = "2023-03-19";
const SETTLEMENT: Settlement = { lastDay: DAY, cutoffMs: 2, createdAtMs: 3, state: "filed" };

/** Payments to a partner each; the books take everything that they are told. */
function reader(
  statuses: readonly ReportedStatus[],
  state: Settlement["state"] = "filed",
  count = 3,
) {
  const told: PaymentStatus[] = [];
  const steps: number[] = [];
  const payments = Array.from(
    { length: count },
    (_, index) => ({ no: index + 1, partnerId: `partner-${index + 1}` }) as Payment,
  );
  const store = {
    settlement: async (lastDay: string) => (lastDay === DAY ? { ...SETTLEMENT, state } : null),
    payments: async () => payments,
    async recordStatus(said: readonly PaymentStatus[]) {
      told.push(...said);
      steps.push(said.length);
      return said.map((it) => ({ ...it, outcome: "applied" as const }));
    },
  };
  const files = { readStatusReport: () => ({ type: "read" as const, statuses }) };
  return { read: createStatusReports({ store, files }), told, steps };
}

const said = (no: number | null, status: ReportedStatus["status"], settlement = DAY) => ({
  ...{ settlement, no, status },
  reason: status === "REJECTED" ? "AC04" : null,
  about: no === null ? ("message" as const) : ("payment" as const),
  saidAtMs: 4,
});

describe("a status report", () => {
  it("is marked partner by partner", async () => {
    const { read, told } = reader([said(2, "REJECTED"), said(1, "PAID")]);
    expect(await read("")).toEqual({
      type: "read",
      outcomes: [
        { settlement: DAY, no: 2, partnerId: "partner-2", outcome: "applied" },
        { settlement: DAY, no: 1, partnerId: "partner-1", outcome: "applied" },
      ],
    });
    expect(told).toMatchObject([
      {
        ...{ settlement: DAY, partnerId: "partner-2", status: "REJECTED", reason: "AC04" },
        ...{ about: "payment", saidAtMs: 4 },
      },
      { settlement: DAY, partnerId: "partner-1", status: "PAID", reason: null },
    ]);
  });

  it("says by its whole what it says of every payment that it does not name", async () => {
    const { read, told } = reader([said(2, "REJECTED"), said(null, "PAID")]);
    await read("");
    expect(told.map(({ partnerId, status, about }) => [partnerId, status, about])).toEqual([
      ["partner-2", "REJECTED", "payment"],
      ["partner-1", "PAID", "message"],
      ["partner-3", "PAID", "message"],
    ]);
  });

  it("of very many payments is marked in parts, so that sales come between", async () => {
    const count = 2 * STATUSES_PER_STEP + 1;
    const { read, steps } = reader([said(null, "PAID")], "filed", count);
    const answer = await read("");
    expect(steps).toEqual([STATUSES_PER_STEP, STATUSES_PER_STEP, 1]);
    expect(answer).toHaveProperty("outcomes.length", count);
  });

  it("of a number that there is not is told as unknown, and the rest is marked", async () => {
    const { read, told } = reader([said(9, "PAID"), said(3, "PAID")]);
    expect(await read("")).toMatchObject({
      outcomes: [
        { no: 9, partnerId: null, outcome: "unknown" },
        { no: 3, partnerId: "partner-3", outcome: "applied" },
      ],
    });
    expect(told).toHaveLength(1);
  });

  it.each([
    ["another gateway's settlement", reader([said(1, "PAID", "2023-03-12")])],
    ["a settlement without a file", reader([said(1, "PAID")], "open")],
  ])("of %s is refused as a whole", async (_, { read, told }) => {
    expect(await read("")).toMatchObject({ type: "refused" });
    expect(told).toEqual([]);
  });
});
