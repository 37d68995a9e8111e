import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { deferred, HASTY, TerminalBench } from "../test-kit/bench.js";
import {
  type Behaviour,
  cut,
  declineAfterSale,
  problem,
  refunded,
} from "../test-kit/fake-gateway.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import type { RefundResult } from "./results.js";

const PATH = "journal";
const SALE_ID = "0190163d-8694-739b-aea5-966c26f8ad91";
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7/;

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

const openOn = async (disk: MemoryDisk) =>
  bench.open({ journal: await Journal.open({ path: PATH, disk }), deadlines: HASTY });

async function opened(disk = new MemoryDisk()) {
  return { ...(await openOn(disk)), disk };
}

const sentIds = () => new Set(bench.gateway.sentTo("/refunds").map(({ body }) => body["id"]));

describe("a refund", () => {
  it("gives back under an id of its own, also of a sale of another till", async () => {
    const { terminal } = await opened();
    const result = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    expect(result).toMatchObject({
      outcome: "refunded",
      moneyMoved: "yes",
      of: SALE_ID,
      id: expect.stringMatching(UUID_V7),
      returned: { unit: "EUR_CENT", value: 500 },
    });
    expect(bench.gateway.sentTo(`/${SALE_ID}/refunds`)).toHaveLength(1);
    expect(terminal.dayTotals().totals).toMatchObject([
      { avantage: "SPECTACLE", unit: "EUR_CENT", refunds: { count: 1, value: 500 } },
    ]);
  });

  it("in parts has an id for each", async () => {
    const { terminal } = await opened();
    await terminal.refund({ of: SALE_ID, amountCents: 500 });
    await terminal.refund({ of: SALE_ID, amountCents: 500 });
    expect(sentIds().size).toBe(2);
  });

  it("that is refused says the most that it could be, and owes nothing", async () => {
    const { terminal, disk } = await opened();
    const available = { unit: "EUR_CENT", value: 300 };
    const over = declineAfterSale("REFUND_OVER_CAPTURED", { retry: "AMEND", available });
    bench.gateway.refunds = [over];
    expect(await terminal.refund({ of: SALE_ID })).toMatchObject({
      outcome: "declined",
      moneyMoved: "no",
      code: "REFUND_OVER_CAPTURED",
      available,
    });
    expect((await Journal.open({ path: PATH, disk })).owedRefunds()).toEqual([]);
  });

  it("is declined here for an amount that is none", async () => {
    const { terminal } = await opened();
    const result = await terminal.refund({ of: SALE_ID, amountCents: 0 });
    expect(result).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
    expect(bench.gateway.sentTo("/refunds")).toEqual([]);
  });

  it.each([
    ["of", { of: "42" }],
    ["refundId", { of: SALE_ID, refundId: "42" }],
  ])("with a %s that is no id is the integrator's to mend", async (field, request) => {
    const { terminal } = await opened();
    await expect(terminal.refund(request)).rejects.toMatchObject({
      code: "OPTIONS_INVALID",
      message: expect.stringContaining(field),
    });
  });

  it("repeated by its id is the same refund, and with another amount is none", async () => {
    const { terminal } = await opened();
    const { id: refundId = "" } = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    await terminal.refund({ of: SALE_ID, amountCents: 500, refundId });
    expect(sentIds()).toEqual(new Set([refundId]));
    expect(terminal.dayTotals().totals).toMatchObject([{ refunds: { count: 1, value: 500 } }]);
    const other = terminal.refund({ of: SALE_ID, amountCents: 600, refundId });
    await expect(other).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("without an answer is sent under its id until there is one, and no second one is begun", async () => {
    const { terminal, seen } = await opened();
    bench.gateway.refunds = [cut];
    const result = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    const again = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    expect(again).toMatchObject({ outcome: "declined", code: "IN_PROGRESS", id: result.id });
    bench.gateway.refunds = [refunded];
    expect(await result.resolved).toMatchObject({ outcome: "refunded", id: result.id });
    expect(await seen("refundDone")).toMatchObject({ id: result.id, of: SALE_ID });
    expect(sentIds()).toEqual(new Set([result.id]));
  });

  it("begun twice at once is begun once", async () => {
    const { terminal } = await opened();
    const results = await Promise.all([
      terminal.refund({ of: SALE_ID, amountCents: 500 }),
      terminal.refund({ of: SALE_ID, amountCents: 500 }),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["refunded", "declined"]);
    expect(sentIds().size).toBe(1);
  });

  it.each([
    ["a decision", declineAfterSale("REFUND_OVER_CAPTURED")],
    ["a sale that is not there", problem(404, "ORIGINAL_NOT_FOUND")],
    ["an id that stands for another", problem(409, "DUPLICATE_CONFLICT")],
  ])("without an answer that is refused later by %s ends there", async (_case, refusal) => {
    const { terminal, seen, disk } = await opened();
    bench.gateway.refunds = [cut];
    const result = await terminal.refund({ of: SALE_ID });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.refunds = [refusal];
    expect(await result.resolved).toMatchObject({ outcome: "declined", id: result.id });
    expect(await seen("refundRefused")).toMatchObject({ id: result.id, final: true });
    expect((await Journal.open({ path: PATH, disk })).owedRefunds()).toEqual([]);
  });

  it.each([
    ["a gateway that does not know refunds", problem(404, "OPERATION_NOT_SUPPORTED")],
    ["a gateway that cannot read it", problem(400, "AMOUNT_INVALID")],
    ["another conflict", problem(409, "IN_PROGRESS")],
  ])("without an answer is not dropped because of %s", async (_case, refusal) => {
    const { terminal, seen } = await opened();
    bench.gateway.refunds = [cut];
    const result = await terminal.refund({ of: SALE_ID });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.refunds = [refusal, refunded];
    expect(await seen("refundRefused")).toMatchObject({ final: false });
    expect(await result.resolved).toMatchObject({ outcome: "refunded", id: result.id });
    expect(sentIds()).toEqual(new Set([result.id]));
  });

  it("asked for again while it is still being sent is declined only by a decision", async () => {
    const { terminal } = await opened();
    bench.gateway.refunds = [cut];
    const { id: refundId = "" } = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    const again = () => terminal.refund({ of: SALE_ID, amountCents: 500, refundId });
    bench.gateway.refunds = [problem(503, "MAINTENANCE")];
    const second = await again();
    if (second.outcome !== "unknown") throw new Error("expected unknown");
    expect(second).toMatchObject({ id: refundId, moneyMoved: "unknown" });
    bench.gateway.refunds = [refunded];
    expect(await second.resolved).toMatchObject({ outcome: "refunded", id: refundId });
  });

  it("that was not sent, where the journal cannot keep that, is not told as declined", async () => {
    const { terminal, disk } = await opened();
    await bench.gateway.stop();
    disk.onSync = () => {
      disk.onSync = () => Promise.reject(new Error("EIO"));
    };
    const result = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    expect(result).toMatchObject({ outcome: "unknown", moneyMoved: "unknown" });
    await terminal.close();
    await bench.gateway.listen();
    const next = await openOn(disk.afterPowerCut());
    expect(await next.seen("refundDone")).toMatchObject({ id: result.id });
  });

  it("stays owed while the gateway does not serve", async () => {
    const { terminal, seen } = await opened();
    bench.gateway.refunds = [cut];
    const result = await terminal.refund({ of: SALE_ID });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.refunds = [problem(503, "MAINTENANCE"), refunded];
    expect(await seen("refundRefused")).toMatchObject({ code: "MAINTENANCE", final: false });
    expect(await result.resolved).toMatchObject({ outcome: "refunded" });
  });

  it("ends as pending when the terminal is closed, and the next run goes on", async () => {
    const { terminal, disk } = await opened();
    bench.gateway.refunds = [cut];
    const result = await terminal.refund({ of: SALE_ID });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    await terminal.close();
    expect(await result.resolved).toEqual({ outcome: "pending" });
    bench.gateway.refunds = [refunded];
    expect(await (await openOn(disk)).seen("refundDone")).toMatchObject({ id: result.id });
    expect(sentIds()).toEqual(new Set([result.id]));
  });
});

describe("a crash in the middle of a refund", () => {
  it("before it is durable: nothing was sent, and nothing is", async () => {
    const { terminal, disk } = await opened();
    const image = disk.afterPowerCut();
    disk.syncFailure = new Error("EIO");
    const refund = terminal.refund({ of: SALE_ID });
    await expect(refund).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
      moneyMoved: "unknown",
      id: expect.stringMatching(UUID_V7),
      message: expect.stringContaining("next run"),
    });
    await (await openOn(image)).terminal.close();
    expect(bench.gateway.sentTo("/refunds")).toEqual([]);
  });

  /** Every state in which a power cut could have left the disk, from the first request on. */
  async function imagesOfOneRefund(answer: Behaviour) {
    const { terminal, disk } = await opened();
    const images: MemoryDisk[] = [];
    bench.gateway.refunds = [
      (received, response) => {
        images.push(disk.afterPowerCut());
        answer(received, response);
      },
    ];
    disk.onSync = () => {
      if (bench.gateway.sentTo("/refunds").length > 0) images.push(disk.afterPowerCut());
    };
    const { id = "" } = await terminal.refund({ of: SALE_ID, amountCents: 500 });
    images.push(disk.afterPowerCut());
    await terminal.close();
    bench.gateway.refunds = [answer];
    return { id, images: [...images] };
  }

  it("at any later step: the next run makes it once, under the same id, and tells", async () => {
    const { id, images } = await imagesOfOneRefund(refunded);
    expect(images.length).toBeGreaterThanOrEqual(3);
    for (const image of images) {
      const next = await openOn(image);
      expect(await next.seen("refundDone")).toMatchObject({
        id,
        of: SALE_ID,
        returned: { unit: "EUR_CENT", value: 500 },
      });
      const totals = next.terminal.dayTotals().totals;
      expect(totals).toMatchObject([{ refunds: { count: 1, value: 500 } }]);
      await next.terminal.close();
    }
    expect(sentIds()).toEqual(new Set([id]));
  });

  it("after its answer is durable: nothing is sent any more, and it is told until the till has noted it", async () => {
    const { id, images } = await imagesOfOneRefund(refunded);
    const image = images.at(-1) ?? new MemoryDisk();
    const sent = bench.gateway.sentTo("/refunds").length;
    const next = await openOn(image);
    expect(await next.seen("refundDone")).toMatchObject({ id });
    await next.terminal.acknowledge(id);
    await next.terminal.close();
    const last = await openOn(image);
    await last.terminal.close();
    expect(last.events.map(({ type }) => type)).not.toContain("refundDone");
    expect(bench.gateway.sentTo("/refunds")).toHaveLength(sent);
  });

  it("asked for while a refusal is told is a new one", async () => {
    const { terminal } = await opened();
    bench.gateway.refunds = [cut];
    await terminal.refund({ of: SALE_ID });
    const second = deferred<RefundResult>();
    terminal.on("refundRefused", ({ final }) => {
      if (!final) return;
      bench.gateway.refunds = [refunded];
      void terminal.refund({ of: SALE_ID, amountCents: 500 }).then(second.resolve);
    });
    bench.gateway.refunds = [declineAfterSale("ALREADY_REVERSED")];
    expect(await second.promise).toMatchObject({ outcome: "refunded" });
  });

  it("is told of a refusal before that is durable: a crash in between tells it again", async () => {
    const { terminal, disk, seen } = await opened();
    bench.gateway.refunds = [cut];
    await terminal.refund({ of: SALE_ID });
    let image = disk;
    terminal.on("refundRefused", () => {
      image = disk.afterPowerCut();
    });
    bench.gateway.refunds = [declineAfterSale("ALREADY_REVERSED")];
    await seen("refundRefused");
    expect(await (await openOn(image)).seen("refundRefused")).toMatchObject({ final: true });
  });

  it("asked for again by its id at once is told again where a crash kept its end from the till", async () => {
    const { terminal, disk } = await opened();
    bench.gateway.refunds = [refunded];
    const { id = "" } = await terminal.refund({ of: SALE_ID });
    // The till's word on a refund that has no end yet is none.
    bench.gateway.refunds = [cut];
    const again = await terminal.refund({ of: SALE_ID });
    if (again.outcome !== "unknown") throw new Error("expected unknown");
    await terminal.acknowledge(again.id);
    let image = disk;
    disk.onSync = () => {
      image = disk.afterPowerCut();
    };
    bench.gateway.refunds = [refunded];
    await again.resolved;
    const told = await (await openOn(image)).seen("refundDone");
    expect(told).toMatchObject({ id: again.id });
    expect(told).not.toMatchObject({ id });
  });

  it.each([
    ["made", refunded],
    ["refused", declineAfterSale("ALREADY_REVERSED")],
  ])("after it was handed out as %s is not told again", async (_, behaviour) => {
    const { terminal, disk } = await opened();
    bench.gateway.refunds = [behaviour];
    await terminal.refund({ of: SALE_ID });
    await terminal.close();
    const next = await openOn(disk);
    await next.terminal.close();
    const types = next.events.map(({ type }) => type);
    expect(types).not.toContain("refundDone");
    expect(types).not.toContain("refundRefused");
  });
});
