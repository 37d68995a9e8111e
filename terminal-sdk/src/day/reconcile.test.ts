import { MOVES_PER_PAGE } from "@pass-tpe/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import type { JournalRecord } from "../client/journal-records.js";
import { systemClock } from "../clock.js";
import { receiptLines } from "../receipts/text.js";
import { HASTY, TerminalBench } from "../test-kit/bench.js";
import { agrees, answer, cut, differs, hold, problem, refunded } from "../test-kit/fake-gateway.js";
import { GATEWAY_NOW_MS, GATEWAY_TODAY } from "../test-kit/fixtures.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { CLOSE_SETTLES_MS } from "./close.js";
import { COMPARISONS_MAX } from "./reconcile.js";
import type { Resolution } from "./results.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

const idOf = (number: number) => `0190163d-8694-739b-aea5-${String(number).padStart(12, "0")}`;
const ID = idOf(1);

const move = (fields: Record<string, unknown>) => {
  const rest = { avantage: "SPECTACLE", unit: "EUR_CENT", value: 1800, atMs: GATEWAY_NOW_MS };
  return { kind: "sale", saleId: ID, ...rest, ...fields };
};

const at = { id: ID, atMs: Date.now() };
const ATTEMPT: JournalRecord = { ...at, type: "attempt", avantage: "SPECTACLE" };
const answered = (outcome: "approved" | "declined", more = {}): JournalRecord => {
  const decidedAtMs = GATEWAY_NOW_MS;
  return { ...at, type: "answer", outcome, code: "X", amountCents: 1800, decidedAtMs, ...more };
};
const NOTED: JournalRecord = { ...at, type: "acknowledged" };
const REVERSED: JournalRecord = { ...at, type: "reversalDone", decidedAtMs: GATEWAY_NOW_MS };
const REFUND: JournalRecord = { ...at, type: "refundOwed", id: idOf(2), of: ID };

/** A terminal whose journal holds these records, and whose gateway answers nothing that is owed. */
async function openWith(records: readonly JournalRecord[], clock = systemClock) {
  const journal = await Journal.open({ path: "journal", disk: new MemoryDisk() });
  for (const record of records) await journal.append(record);
  const silent = [problem(503, "MAINTENANCE")];
  bench.gateway.reversals = [...silent];
  bench.gateway.captures = [...silent];
  bench.gateway.refunds = [...silent];
  return { ...(await bench.open({ journal, clock })), journal };
}

describe("a day that agrees", () => {
  it("is compared by its totals alone", async () => {
    const made = await bench.open();
    await bench.sellByTap(made);
    expect(await made.terminal.reconcile()).toMatchObject({
      day: GATEWAY_TODAY,
      terminalId: "T1",
      agreed: true,
      concordant: true,
      differences: [],
    });
    expect(bench.gateway.sentTo("/v1/reconciliations")).toMatchObject([
      { body: { day: GATEWAY_TODAY, totals: [{ sales: { count: 1, value: 1800 } }] } },
    ]);
  });
});

describe("a difference", () => {
  const held = answered("approved", { holdExpiresAtMs: GATEWAY_NOW_MS + 1 });
  it.each<[string, JournalRecord[], Record<string, unknown>, Resolution, boolean]>([
    ["a sale in doubt", [ATTEMPT], move({}), "REVERSAL_OWED", false],
    ["a sale in doubt that was reversed", [ATTEMPT, REVERSED], move({}), "SETTLED", true],
    [
      "the reversal of a sale in doubt",
      [ATTEMPT, REVERSED],
      move({ kind: "reversal" }),
      "SETTLED",
      true,
    ],
    [
      "a sale in doubt that the gateway would not reverse",
      [ATTEMPT, { ...at, type: "reversalRefused" }],
      move({}),
      "REVERSAL_REFUSED",
      false,
    ],
    [
      "a sale that the till was told to be declined",
      [ATTEMPT, answered("declined")],
      move({}),
      "REVERSE",
      false,
    ],
    ["a sale that the journal never had", [], move({}), "NOT_IN_JOURNAL", false],
    [
      "a refund that the journal never had",
      [],
      move({ kind: "refund", refundId: idOf(2) }),
      "NOT_IN_JOURNAL",
      false,
    ],
    [
      "a refund without an answer",
      [REFUND],
      move({ kind: "refund", refundId: idOf(2) }),
      "REFUND_OWED",
      false,
    ],
    [
      "a capture without an answer",
      [ATTEMPT, held, { ...at, type: "captureOwed" }],
      move({}),
      "CAPTURE_OWED",
      false,
    ],
    ["a capture that somebody else made", [ATTEMPT, held], move({}), "ACKNOWLEDGE", true],
    [
      "another amount",
      [ATTEMPT, answered("approved"), NOTED],
      move({ value: 500 }),
      "AMOUNT_DIFFERS",
      false,
    ],
    [
      "another avantage",
      [ATTEMPT, answered("approved"), NOTED],
      move({ avantage: "CINEMA" }),
      "AMOUNT_DIFFERS",
      false,
    ],
    [
      "a sale that the terminal counts on another day, for want of the gateway's time",
      [ATTEMPT, answered("approved", { decidedAtMs: undefined }), NOTED],
      move({}),
      "OTHER_DAY",
      true,
    ],
  ])("that is %s", async (_case, records, gatewayMove, resolution, concordant) => {
    const { terminal } = await openWith(records);
    bench.gateway.reconciliations = [differs([gatewayMove])];
    const found = await terminal.reconcile();
    expect(found).toMatchObject({ agreed: false, concordant });
    expect(found.differences).toMatchObject([{ resolution, words: expect.stringMatching(/\.$/) }]);
  });

  it("that is a sale which the gateway has not", async () => {
    const { terminal } = await openWith([ATTEMPT, answered("approved"), NOTED]);
    bench.gateway.reconciliations = [differs([])];
    const found = await terminal.reconcile();
    expect(found.concordant).toBe(false);
    expect(found.differences).toMatchObject([
      { kind: "sale", saleId: ID, gateway: null, resolution: "NOT_AT_GATEWAY" },
    ]);
  });

  it("that nothing explains is no agreement", async () => {
    const { terminal } = await openWith([]);
    bench.gateway.reconciliations = [differs([])];
    expect(await terminal.reconcile()).toMatchObject({ concordant: false, differences: [] });
  });

  it("of a kind newer than this version is no agreement, though all others are settled", async () => {
    const { terminal } = await openWith([ATTEMPT, REVERSED]);
    bench.gateway.reconciliations = [differs([move({}), move({ kind: "chargeback" })])];
    const found = await terminal.reconcile();
    expect(found).toMatchObject({ concordant: false, differences: [{ resolution: "SETTLED" }] });
  });

  it("by somebody else's reversal is noted, and is none the next time", async () => {
    const { terminal } = await openWith([ATTEMPT, answered("approved"), NOTED]);
    const reversal = move({ kind: "reversal", value: 1300 });
    bench.gateway.reconciliations = [differs([move({}), reversal])];
    const found = await terminal.reconcile();
    expect(found.differences).toMatchObject([{ kind: "reversal", resolution: "ACKNOWLEDGE" }]);
    expect(terminal.dayTotals().totals).toMatchObject([
      { sales: { count: 1, value: 1800 }, reversals: { count: 1, value: 1300 } },
    ]);
  });

  it("by somebody else's capture is noted, and is none the next time", async () => {
    const { terminal } = await openWith([ATTEMPT, held, NOTED]);
    bench.gateway.reconciliations = [differs([move({ value: 900 })])];
    await terminal.reconcile();
    expect(terminal.dayTotals().totals).toMatchObject([{ sales: { count: 1, value: 900 } }]);
  });

  it("by a sale that the till was told to be declined is reversed from then on", async () => {
    const { terminal, seen, journal } = await openWith([ATTEMPT, answered("declined")]);
    bench.gateway.reconciliations = [differs([move({})])];
    await terminal.reconcile();
    expect(await seen("reversalOwed")).toMatchObject({ id: ID });
    expect(journal.owedReversals()).toEqual([ID]);
  });
});

describe("a day that changes while it is compared", () => {
  const sold = (saleId = "") => differs([move({ saleId })]);

  it("is compared again, and what was sold meanwhile is in its totals", async () => {
    const made = await bench.open();
    bench.gateway.reconciliations = [
      (received, response) => {
        void bench.sellByTap(made).then(({ id }) => sold(id)(received, response));
      },
      agrees,
    ];
    expect(await made.terminal.closeDay()).toMatchObject({
      netCents: 1800,
      reconciliation: { agreed: true, concordant: true, differences: [] },
    });
  });

  it("after its totals agreed is told as it agreed", async () => {
    const made = await bench.open();
    bench.gateway.reconciliations = [
      (received, response) => {
        void bench.sellByTap(made).then(() => agrees(received, response));
      },
    ];
    const { agreed, terminal, gateway } = await made.terminal.reconcile();
    expect({ agreed, terminal, gateway }).toEqual({ agreed: true, terminal: [], gateway: [] });
  });

  it("is compared again where the gateway's totals change from page to page", async () => {
    const { terminal } = await openWith([ATTEMPT, REVERSED]);
    const page = (morePages: boolean, count: number) => {
      const none = { count: 0, value: 0 };
      const sales = { count, value: 1800 * count };
      const total = { avantage: "SPECTACLE", unit: "EUR_CENT", sales, reversals: none };
      const totals = [{ ...total, refunds: none }];
      const rest = { terminalId: "T1", agreed: false, held: 0, moves: [], morePages };
      return answer({ day: GATEWAY_TODAY, totals, ...rest });
    };
    bench.gateway.reconciliations = [page(true, 1), page(false, 2), differs([move({})])];
    const found = await terminal.reconcile();
    expect(found.differences).toMatchObject([{ resolution: "SETTLED" }]);
  });

  it("at each comparison is compared later", async () => {
    const made = await bench.open();
    bench.gateway.reconciliations = [
      (received, response) => {
        void bench.sellByTap(made).then(({ id }) => sold(id)(received, response));
      },
    ];
    await expect(made.terminal.reconcile()).rejects.toMatchObject({
      code: "BUSY",
      retryable: true,
    });
    expect(bench.gateway.sentTo("/v1/reconciliations")).toHaveLength(COMPARISONS_MAX);
  });

  it("by a sale that is still going on is compared after it", async () => {
    const made = await bench.open();
    const sale = bench.sellByTap(made);
    await expect(made.terminal.reconcile()).rejects.toMatchObject({ code: "BUSY" });
    await expect(made.terminal.closeDay()).rejects.toMatchObject({ code: "BUSY" });
    await sale;
    expect(await made.terminal.reconcile()).toMatchObject({ agreed: true });
  });
});

describe("many moves", () => {
  it("are read page by page, each as large as a page can be", async () => {
    const page = (number: number) =>
      Array.from({ length: MOVES_PER_PAGE }, (_, index) =>
        move({
          kind: "refund",
          saleId: idOf(number * MOVES_PER_PAGE + index),
          refundId: idOf(number * MOVES_PER_PAGE + index),
          avantage: "A".repeat(40),
          value: Number.MAX_SAFE_INTEGER,
          atMs: Number.MAX_SAFE_INTEGER,
        }),
      );
    bench.gateway.reconciliations = [differs(page(0), page(1), [move({})])];
    const found = await (await bench.open()).terminal.reconcile();
    expect(found.differences).toHaveLength(2 * MOVES_PER_PAGE + 1);
    const pages = bench.gateway.sentTo("/v1/reconciliations").map(({ body }) => body["page"]);
    expect(pages).toEqual([undefined, 1, 2]);
  });
});

describe("a gateway that cannot compare", () => {
  it.each([
    ["does not answer", cut, "UNREACHABLE", "network"],
    ["refuses", problem(403, "TERMINAL_NOT_AUTHORISED"), "REFUSED", "integrator"],
  ])("because it %s is a typed error", async (_case, behaviour, code, actor) => {
    const { terminal } = await bench.open();
    bench.gateway.reconciliations = [behaviour];
    await expect(terminal.reconcile()).rejects.toMatchObject({ code, actor });
  });

  it("because it speaks of another day is a typed error", async () => {
    const { terminal } = await bench.open();
    bench.gateway.reconciliations = [differs([])];
    await expect(terminal.reconcile("2023-11-13")).rejects.toMatchObject({ code: "REFUSED" });
  });
});

describe("the closing of a day", () => {
  it("has the net after what somebody else did was noted", async () => {
    const { terminal } = await openWith([ATTEMPT, answered("approved"), NOTED]);
    bench.gateway.reconciliations = [differs([move({}), move({ kind: "reversal" })])];
    expect(await terminal.closeDay()).toMatchObject({
      netCents: 0,
      reconciliation: { concordant: true, terminal: [{ reversals: { count: 1, value: 1800 } }] },
      receipt: { netCents: 0, concordant: true },
    });
  });

  it("without the gateway has the terminal's figures, and says that they were not compared", async () => {
    const made = await bench.open({ deadlines: HASTY });
    await bench.sellByTap(made);
    await bench.gateway.stop();
    const { receipt, netCents } = await made.terminal.closeDay();
    await bench.gateway.listen();
    expect(netCents).toBe(1800);
    expect(receipt).toMatchObject({ compared: false, concordant: false, netCents: 1800 });
    const lines = receiptLines(receipt).map((line) => line.trim());
    expect(lines).toContain("JOURNÉE NON COMPARÉE");
    expect(lines).not.toContain("JOURNÉE NON CONCORDANTE");
  });

  it("sends what is owed first, and gives the receipt of the day", async () => {
    const made = await bench.open({ deadlines: HASTY });
    const sale = await bench.sellByTap(made);
    bench.gateway.refunds = [cut];
    const refund = await made.terminal.refund({ of: sale.id ?? "", amountCents: 300 });
    expect(refund.outcome).toBe("unknown");
    bench.gateway.refunds = [refunded];
    const closing = await made.terminal.closeDay();
    expect(closing).toMatchObject({
      owed: { reversals: 0, captures: 0, refunds: 0 },
      netCents: 1500,
      reconciliation: { concordant: true },
      receipt: { kind: "day", day: GATEWAY_TODAY, netCents: 1500, concordant: true },
    });
  });

  it("does not wait for ever for what is owed, and says that it waits", async () => {
    const after: typeof systemClock.after = (delayMs, run) =>
      systemClock.after(delayMs === CLOSE_SETTLES_MS ? 0 : delayMs, run);
    const { terminal } = await openWith([ATTEMPT], { ...systemClock, after });
    bench.gateway.reconciliations = [differs([move({})])];
    const closing = await terminal.closeDay();
    expect(closing.owed.reversals).toBe(1);
    expect(closing.receipt.concordant).toBe(false);
  });

  it("counts what only waits for its capture neither as sold nor as net", async () => {
    bench.gateway.sales = [hold];
    const made = await bench.open();
    await bench.sellByTap(made, { capture: false });
    expect(await made.terminal.closeDay()).toMatchObject({ netCents: 0 });
  });
});
