import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { deferred, HASTY, TerminalBench } from "../test-kit/bench.js";
import {
  answer,
  approval,
  capture,
  captured,
  cut,
  decision,
  declineAfterSale,
  hold,
  problem,
  reversed,
} from "../test-kit/fake-gateway.js";
import { GATEWAY_NOW_MS } from "../test-kit/fixtures.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import type { CaptureResult } from "./results.js";

const PATH = "journal";
const EXPIRES_AT_MS = GATEWAY_NOW_MS + 30 * 60 * 1000;

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

async function held(disk = new MemoryDisk()) {
  bench.gateway.sales = [hold];
  const journal = await Journal.open({ path: PATH, disk });
  const made = await bench.open({ journal, deadlines: HASTY });
  const sale = await bench.sellByTap(made, { capture: false });
  if (sale.outcome !== "approved") throw new Error("expected a hold");
  return { ...made, disk, journal, sale, id: sale.id };
}

const openOn = async (disk: MemoryDisk) =>
  bench.open({ journal: await Journal.open({ path: PATH, disk }), deadlines: HASTY });

describe("a sale with capture: false", () => {
  it("holds and takes nothing", async () => {
    const { sale } = await held();
    expect(sale).toMatchObject({
      code: "APPROVED_HELD",
      moneyMoved: "no",
      hold: { expiresAtMs: EXPIRES_AT_MS },
      amountCents: 1800,
    });
    expect(bench.gateway.sentTo("/v1/authorizations")).toMatchObject([
      { body: { capture: false } },
    ]);
  });

  it("that says no instant until which it holds is not to be counted on", async () => {
    bench.gateway.sales = [
      (received, response) => {
        const body = { ...approval(String(received.body["id"])), code: "APPROVED_HELD" };
        answer(body)(received, response);
      },
    ];
    const sale = await bench.sellByTap(await bench.open(), { capture: false });
    expect(sale).toMatchObject({ moneyMoved: "no", hold: { expiresAtMs: GATEWAY_NOW_MS } });
  });

  it("is told by the next run until it is captured, because without that the partner is paid nothing", async () => {
    const { disk, id, terminal } = await held();
    await terminal.close();
    bench.gateway.statuses = [answer({ id, state: "held", answer: approval(id) })];
    const next = await openOn(disk);
    expect(next.terminal.recovered()).toMatchObject([
      { id, hold: { expiresAtMs: EXPIRES_AT_MS }, amountCents: 1800 },
    ]);
    await next.terminal.capture(id);
    await next.terminal.close();
    const last = await openOn(disk);
    expect(last.terminal.recovered()).toEqual([]);
  });

  it("that has lapsed meanwhile is not told: nothing was taken", async () => {
    const { disk, id, terminal } = await held();
    await terminal.close();
    bench.gateway.statuses = [answer({ id, state: "expired", answer: approval(id) })];
    const next = await openOn(disk);
    expect(next.terminal.recovered()).toEqual([]);
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
    expect(disk.durable(PATH)).toContain('"type":"holdExpired"');
  });

  it("that is being captured is not told until the capture has ended", async () => {
    const { disk, id, terminal } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id);
    await terminal.close();
    bench.gateway.captures = [problem(503, "MAINTENANCE")];
    bench.gateway.statuses = [answer({ id, state: "held", answer: approval(id) })];
    const next = await openOn(disk);
    await next.seen("captureRefused");
    expect(next.terminal.recovered()).toEqual([]);
    expect(next.events.map(({ type }) => type)).not.toContain("recovered");
    bench.gateway.captures = [captured];
    bench.gateway.statuses = [
      answer({ id, state: "approved", answer: approval(id), capture: capture(id) }),
    ];
    const told = await next.seen("recovered");
    expect(told).toMatchObject({ id, amountCents: 1800 });
    expect(told).not.toHaveProperty("hold");
  });

  it("that somebody captured meanwhile is told as taken", async () => {
    const { disk, id, terminal } = await held();
    await terminal.close();
    const status = { id, state: "approved", answer: approval(id), capture: capture(id, 500) };
    bench.gateway.statuses = [answer(status)];
    const [sale] = (await openOn(disk)).terminal.recovered();
    expect(sale).toMatchObject({ id, amountCents: 500 });
    expect(sale).not.toHaveProperty("hold");
  });
});

describe("a capture", () => {
  it("takes all, or the part that is named, and is in the day's totals from then on", async () => {
    const { terminal, id } = await held();
    expect(terminal.dayTotals().totals).toEqual([]);
    expect(await terminal.capture(id, { amountCents: 500 })).toMatchObject({
      outcome: "captured",
      moneyMoved: "yes",
      id,
      amountCents: 500,
    });
    expect(bench.gateway.sentTo("/capture")).toMatchObject([{ body: { amountCents: 500 } }]);
    expect(terminal.dayTotals().totals).toMatchObject([{ sales: { count: 1, value: 500 } }]);
  });

  it("may be asked for again, without harm", async () => {
    const { terminal, id } = await held();
    await terminal.capture(id);
    expect(await terminal.capture(id)).toMatchObject({ outcome: "captured", amountCents: 1800 });
    expect(terminal.dayTotals().totals).toMatchObject([{ sales: { count: 1, value: 1800 } }]);
  });

  it("asked for again without an answer is known to be made, and nothing more is sent", async () => {
    const { terminal, id } = await held();
    await terminal.capture(id);
    bench.gateway.captures = [cut];
    expect(await terminal.capture(id)).toMatchObject({
      outcome: "declined",
      moneyMoved: "no",
      code: "ALREADY_CAPTURED",
    });
    expect(terminal.dayTotals().totals).toMatchObject([{ sales: { count: 1, value: 1800 } }]);
  });

  it("without an answer, of a sale whose reversal is being sent, ends with that reversal", async () => {
    const { terminal, id, seen } = await held();
    bench.gateway.captures = [cut];
    bench.gateway.reversals = [cut];
    const capturing = terminal.capture(id);
    await terminal.reverse(id);
    const result = await capturing;
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.captures = [captured];
    bench.gateway.reversals = [reversed];
    bench.gateway.statuses = [answer({ id, state: "reversed", answer: approval(id) })];
    expect(await result.resolved).toMatchObject({
      outcome: "declined",
      code: "ALREADY_REVERSED",
    });
    expect(await seen("captureRefused")).toMatchObject({ id, final: true });
    expect(terminal.dayTotals().totals).toMatchObject([]);
  });

  it("without an answer ends also where the cashier's reversal was answered before it", async () => {
    const { terminal, id } = await held();
    const arrived = deferred<() => void>();
    bench.gateway.captures = [
      (received, response) => arrived.resolve(() => cut(received, response)),
      cut,
    ];
    const capturing = terminal.capture(id);
    const endIt = await arrived.promise;
    await terminal.reverse(id);
    bench.gateway.statuses = [answer({ id, state: "reversed", answer: approval(id) })];
    endIt();
    const result = await capturing;
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ code: "ALREADY_REVERSED" });
    const { owed } = await terminal.closeDay();
    expect(owed).toEqual({ reversals: 0, captures: 0, refunds: 0 });
  });

  it("is not sent on while its sale is to be reversed, in the same run", async () => {
    const { terminal, id, seen } = await held();
    bench.gateway.captures = [cut];
    bench.gateway.reversals = [cut];
    await terminal.capture(id);
    await terminal.reverse(id);
    const sent = bench.gateway.sentTo("/capture").length;
    bench.gateway.captures = [captured];
    bench.gateway.reversals = [problem(503, "MAINTENANCE")];
    await seen("reversalRefused");
    bench.gateway.statuses = [answer({ id, state: "reversed", answer: approval(id) })];
    bench.gateway.reversals = [reversed];
    expect(await seen("captureRefused")).toMatchObject({ id, code: "ALREADY_REVERSED" });
    expect(bench.gateway.sentTo("/capture")).toHaveLength(sent);
  });

  it("goes on where the reversal of its sale is refused for good", async () => {
    const { terminal, id, seen } = await held();
    bench.gateway.captures = [cut];
    bench.gateway.reversals = [cut];
    await terminal.capture(id);
    await terminal.reverse(id);
    bench.gateway.captures = [captured];
    bench.gateway.reversals = [declineAfterSale("REVERSAL_TOO_LATE")];
    expect(await seen("captureDone")).toMatchObject({ id, amountCents: 1800 });
  });

  it("is never sent after its sale's reversal, even to a gateway that has forgotten that", async () => {
    const { terminal, disk, id } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id);
    bench.gateway.statuses = [answer({ id, state: "held", answer: approval(id) })];
    await terminal.reverse(id);
    const image = disk.afterPowerCut();
    await terminal.close();
    const sent = bench.gateway.sentTo("/capture").length;
    bench.gateway.captures = [captured];
    const next = await openOn(image);
    bench.gateway.statuses = [answer({ id, state: "expired", answer: approval(id) })];
    expect(await next.seen("captureRefused")).toMatchObject({ id, final: true });
    expect(bench.gateway.sentTo("/capture")).toHaveLength(sent);
    expect(next.terminal.dayTotals().totals).toEqual([]);
  });

  it("that was made unseen before its sale was reversed is in the day's totals with all its moves", async () => {
    const { terminal, id, seen } = await held();
    bench.gateway.captures = [cut];
    const result = await terminal.capture(id);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    await terminal.refund({ of: id, amountCents: 1800 });
    const reversal = decision(id, "REVERSED", { outcome: "approved", iso39: "00", retry: "NONE" });
    const status = { id, state: "reversed", answer: approval(id), capture: capture(id), reversal };
    bench.gateway.statuses = [problem(503, "MAINTENANCE"), answer(status)];
    await terminal.reverse(id);
    expect(await seen("captureRefused")).toMatchObject({ id, final: false });
    expect(await result.resolved).toMatchObject({ code: "ALREADY_REVERSED" });
    expect(terminal.dayTotals().totals).toMatchObject([
      {
        sales: { count: 1, value: 1800 },
        refunds: { count: 1, value: 1800 },
        reversals: { count: 1, value: 0 },
      },
    ]);
  });

  it("of a sale that was reversed, without an answer, is known to be refused", async () => {
    const { terminal, id } = await held();
    await terminal.reverse(id);
    bench.gateway.captures = [cut];
    expect(await terminal.capture(id)).toMatchObject({
      outcome: "declined",
      code: "ALREADY_REVERSED",
    });
  });

  it.each([
    ["amountCents", 0, "AMOUNT_INVALID"],
    ["amountCents", 1.5, "AMOUNT_INVALID"],
    ["quantity", -1, "QUANTITY_INVALID"],
  ])("of %s %d is declined here, and nothing is sent", async (field, value, code) => {
    const { terminal, id } = await held();
    expect(await terminal.capture(id, { [field]: value })).toMatchObject({
      outcome: "declined",
      moneyMoved: "no",
      id,
      code,
    });
    expect(bench.gateway.sentTo("/capture")).toEqual([]);
  });

  it("of an id that is none is the integrator's to mend", async () => {
    const { terminal } = await bench.open();
    await expect(terminal.capture("42")).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  it("that is refused says the most that it could be, and owes nothing", async () => {
    const { terminal, id, journal } = await held();
    const available = { unit: "EUR_CENT", value: 1800 };
    bench.gateway.captures = [declineAfterSale("CAPTURE_OVER_HOLD", { retry: "AMEND", available })];
    expect(await terminal.capture(id, { amountCents: 9_000 })).toMatchObject({
      outcome: "declined",
      code: "CAPTURE_OVER_HOLD",
      available,
    });
    expect(journal.owedCaptures()).toEqual([]);
    bench.gateway.captures = [captured];
    expect(await terminal.capture(id)).toMatchObject({ outcome: "captured" });
  });

  it("is durable before it is sent, and without an answer is sent until there is one", async () => {
    const { terminal, disk, id, seen } = await held();
    let atRequest = "";
    bench.gateway.captures = [
      (received, response) => {
        atRequest = disk.durable(PATH);
        cut(received, response);
      },
      cut,
      cut,
      cut,
      cut,
      captured,
    ];
    const result = await terminal.capture(id, { amountCents: 700 });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(result.message).not.toContain("rendu");
    expect(atRequest).toContain('"type":"captureOwed"');
    expect(await result.resolved).toMatchObject({ outcome: "captured", amountCents: 700 });
    expect(await seen("captureDone")).toMatchObject({ id, amountCents: 700 });
    expect(terminal.dayTotals().totals).toMatchObject([{ sales: { count: 1, value: 700 } }]);
  });

  it("with another amount is declined while one waits for its answer", async () => {
    const { terminal, id } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id, { amountCents: 700 });
    const sent = bench.gateway.sentTo("/capture").length;
    const other = await terminal.capture(id, { amountCents: 800 });
    expect(other).toMatchObject({ outcome: "declined", code: "IN_PROGRESS" });
    const bodies = bench.gateway.sentTo("/capture").slice(sent);
    expect(bodies.every(({ body }) => body["amountCents"] === 700)).toBe(true);
  });

  it("begun twice at once is asked for once, and another part is declined", async () => {
    const { terminal, id } = await held();
    const results = await Promise.all([
      terminal.capture(id, { amountCents: 700 }),
      terminal.capture(id, { amountCents: 700 }),
      terminal.capture(id, { amountCents: 800 }),
    ]);
    expect(results).toMatchObject([
      { outcome: "captured", amountCents: 700 },
      { outcome: "captured", amountCents: 700 },
      { outcome: "declined", code: "IN_PROGRESS", id },
    ]);
    expect(bench.gateway.sentTo("/capture")).toMatchObject([{ body: { amountCents: 700 } }]);
  });

  it("is declined here while the sale's reversal is being sent", async () => {
    const { terminal, id } = await held();
    bench.gateway.reversals = [problem(503, "MAINTENANCE"), cut];
    await terminal.reverse(id);
    expect(await terminal.capture(id)).toMatchObject({ outcome: "declined", code: "IN_PROGRESS" });
    expect(bench.gateway.sentTo("/capture")).toEqual([]);
  });

  it("asked for again while it is still being sent is declined only by a decision", async () => {
    const { terminal, id } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id);
    bench.gateway.captures = [problem(503, "MAINTENANCE")];
    const second = await terminal.capture(id);
    if (second.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.captures = [captured];
    expect(await second.resolved).toMatchObject({ outcome: "captured" });
  });

  it("that was refused, where the journal cannot keep that, is not told as declined", async () => {
    const { terminal, disk, id } = await held();
    await bench.gateway.stop();
    disk.onSync = () => {
      disk.onSync = () => Promise.reject(new Error("EIO"));
    };
    expect(await terminal.capture(id)).toMatchObject({ outcome: "unknown" });
    await terminal.close();
    await bench.gateway.listen();
    const next = await openOn(disk.afterPowerCut());
    expect(await next.seen("captureDone")).toMatchObject({ id });
  });

  it("that the journal cannot begin was not sent, but the next run may send it", async () => {
    const { terminal, disk, id } = await held();
    disk.syncFailure = new Error("EIO");
    await expect(terminal.capture(id)).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
      moneyMoved: "unknown",
      id,
    });
    expect(bench.gateway.sentTo("/capture")).toEqual([]);
  });

  it("that was begun before a crash is sent by the next run", async () => {
    const { terminal, disk, id } = await held();
    let image = disk;
    bench.gateway.captures = [
      (received, response) => {
        image = disk.afterPowerCut();
        captured(received, response);
      },
    ];
    await terminal.capture(id, { amountCents: 700 });
    const next = await openOn(image);
    expect(await next.seen("captureDone")).toMatchObject({ id });
    expect(next.terminal.dayTotals().totals).toMatchObject([{ sales: { value: 700 } }]);
  });

  it("that was begun and then reversed is not sent by the next run, and its end is told", async () => {
    const { terminal, disk, id } = await held();
    bench.gateway.captures = [cut];
    bench.gateway.reversals = [cut];
    await terminal.capture(id);
    await terminal.reverse(id);
    await terminal.close();
    const sent = bench.gateway.sentTo("/capture").length;
    bench.gateway.captures = [captured];
    bench.gateway.reversals = [problem(503, "MAINTENANCE")];
    bench.gateway.statuses = [answer({ id, state: "reversed", answer: approval(id) })];
    const { seen } = await openOn(disk);
    expect(await seen("reversalRefused")).toMatchObject({ final: false });
    bench.gateway.reversals = [reversed];
    const told = await seen("captureRefused");
    expect(told).toMatchObject({ id, code: "ALREADY_REVERSED", final: true });
    expect(bench.gateway.sentTo("/capture")).toHaveLength(sent);
  });

  it("whose reversal had its answer just before a crash has its end told by the next run", async () => {
    const { terminal, disk, id } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id);
    await terminal.reverse(id);
    const image = disk.afterPowerCut();
    await terminal.close();
    bench.gateway.statuses = [answer({ id, state: "reversed", answer: approval(id) })];
    const told = await (await openOn(image)).seen("captureRefused");
    expect(told).toMatchObject({ id, code: "ALREADY_REVERSED", final: true });
  });

  it("that is refused for good later is told before that is durable: a crash in between tells it again", async () => {
    const { terminal, disk, id, seen } = await held();
    bench.gateway.captures = [cut];
    await terminal.capture(id);
    let image = disk;
    terminal.on("captureRefused", () => {
      image = disk.afterPowerCut();
    });
    bench.gateway.captures = [declineAfterSale("HOLD_EXPIRED")];
    await seen("captureRefused");
    expect(await (await openOn(image)).seen("captureRefused")).toMatchObject({ id, final: true });
  });

  it.each([
    ["a smaller part", { amountCents: 500 }, captured, { outcome: "captured" }],
    ["the same, unanswered", {}, cut, { outcome: "unknown" }],
  ])(
    "of %s, asked for while the refusal is told, is a new one with a debt of its own",
    async (_what, part, behaviour, expected) => {
      const { terminal, id, journal } = await held();
      bench.gateway.captures = [cut];
      await terminal.capture(id);
      const second = deferred<CaptureResult>();
      terminal.on("captureRefused", ({ final }) => {
        if (!final) return;
        bench.gateway.captures = [behaviour];
        void terminal.capture(id, part).then(second.resolve);
      });
      bench.gateway.captures = [declineAfterSale("HOLD_EXPIRED")];
      expect(await second.promise).toMatchObject(expected);
      expect(journal.owedCaptures()).toEqual(expected.outcome === "unknown" ? [id] : []);
    },
  );

  it("that the gateway refuses for good later ends there", async () => {
    const { terminal, journal, id } = await held();
    bench.gateway.captures = [cut, cut, cut, cut, cut, declineAfterSale("HOLD_EXPIRED")];
    const result = await terminal.capture(id);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ outcome: "declined", code: "HOLD_EXPIRED" });
    expect(journal.owedCaptures()).toEqual([]);
  });

  it("of a sale that the journal does not know can only be asked for again", async () => {
    const id = "0190163d-8694-739b-aea5-966c26f8ad91";
    const { terminal } = await bench.open({ deadlines: HASTY });
    bench.gateway.captures = [cut];
    const result = await terminal.capture(id);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(result.display[1]).toBe("RECOMMENCER");
    expect(await result.resolved).toEqual({ outcome: "pending" });
    bench.gateway.captures = [problem(404, "ORIGINAL_NOT_FOUND")];
    expect(await terminal.capture(id)).toMatchObject({ code: "ORIGINAL_NOT_FOUND" });
  });
});

describe("what a hold did not cover", () => {
  /** Holds 18,00 of 25,00 EUR, and leaves the rest to be collected. */
  async function heldInPart() {
    bench.gateway.sales = [
      (received, response) => {
        const body = approval(String(received.body["id"]));
        const holdExpiresAtMs = EXPIRES_AT_MS;
        answer({ ...body, code: "APPROVED_HELD", collectCents: 700, holdExpiresAtMs })(
          received,
          response,
        );
      },
    ];
    const disk = new MemoryDisk();
    const made = await openOn(disk);
    const { id = "" } = await bench.sellByTap(made, { purchaseCents: 2500, capture: false });
    return { ...made, disk, id };
  }

  it.each([
    [{}, 700],
    [{ amountCents: 1500 }, 1000],
  ])("is to be collected when %j is captured", async (part, collectCents) => {
    const { terminal, id } = await heldInPart();
    expect(await terminal.capture(id, part)).toMatchObject({ outcome: "captured", collectCents });
  });

  it("is what the gateway says, where it says it", async () => {
    const { terminal, id } = await heldInPart();
    bench.gateway.captures = [answer({ ...capture(id), collectCents: 650 })];
    expect(await terminal.capture(id)).toMatchObject({ collectCents: 650 });
  });

  it("is also told where the capture's answer came later, or in an earlier run", async () => {
    const { terminal, disk, id } = await heldInPart();
    bench.gateway.captures = [cut];
    const result = await terminal.capture(id);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    bench.gateway.captures = [captured];
    expect(await result.resolved).toMatchObject({ collectCents: 700 });
    const image = disk.afterPowerCut();
    bench.gateway.statuses = [
      answer({ id, state: "approved", answer: approval(id), capture: capture(id) }),
    ];
    expect((await openOn(image)).terminal.recovered()).toMatchObject([{ id, collectCents: 700 }]);
  });

  it("is nothing where the hold covered all of the purchase, whatever is captured of it", async () => {
    const { terminal, id } = await held();
    expect(await terminal.capture(id, { amountCents: 500 })).toMatchObject({ collectCents: 0 });
  });
});
