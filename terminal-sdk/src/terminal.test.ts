import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Terminal } from "./terminal.js";
import { deferred, HASTY, SALE, TerminalBench } from "./test-kit/bench.js";
import { answer, approval, approve, cut, problem, reversed } from "./test-kit/fake-gateway.js";
import { FakeReader, TAP } from "./test-kit/fake-reader.js";
import { temporaryFolder } from "./test-kit/fixtures.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

describe("cancel", () => {
  it("before a card is presented declines the sale and leaves the reader usable", async () => {
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    await made.reader.whenArmed();
    const cancelled = await made.terminal.cancel();
    expect(cancelled).toMatchObject({ outcome: "declined", code: "SALE_CANCELLED" });
    expect(await sale).toBe(cancelled);
    expect(made.reader.armed).toBe(false);
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
  });

  it("after the request has left resolves with the sale's true outcome", async () => {
    const { promise, resolve: arrived } = deferred<() => void>();
    bench.gateway.sales = [(received, response) => arrived(() => approve(received, response))];
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    const letThrough = await promise;
    const cancelled = made.terminal.cancel();
    letThrough();
    expect(await cancelled).toMatchObject({ outcome: "approved", moneyMoved: "yes" });
    expect(await sale).toBe(await cancelled);
  });

  it("by the caller's signal is the same", async () => {
    const made = await bench.open();
    const abort = new AbortController();
    const sale = made.terminal.sell({ ...SALE, signal: abort.signal });
    await made.reader.whenArmed();
    abort.abort();
    expect(await sale).toMatchObject({ code: "SALE_CANCELLED" });
  });

  it("of nothing is null", async () => {
    expect(await (await bench.open()).terminal.cancel()).toBeNull();
  });
});

describe("close", () => {
  it("in the middle of a sale ends it truthfully and lets go of the reader", async () => {
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    await made.reader.whenArmed();
    await made.terminal.close();
    expect(await sale).toMatchObject({ outcome: "declined", code: "SALE_CANCELLED" });
    expect(made.reader.closed).toBe(true);
    await expect(made.terminal.sell(SALE)).rejects.toMatchObject({ code: "CLOSED" });
  });

  it("waits for a sale that has left", async () => {
    const { promise, resolve: arrived } = deferred<() => void>();
    bench.gateway.sales = [(received, response) => arrived(() => approve(received, response))];
    const made = await bench.open();
    const sale = made.terminal.sell(SALE);
    (await made.reader.whenArmed()).present(TAP);
    const letThrough = await promise;
    const closed = made.terminal.close();
    letThrough();
    expect(await sale).toMatchObject({ outcome: "approved" });
    await closed;
  });

  it("ends an unknown sale's promise as pending, and the next run reverses it", async () => {
    const journal = join(temporaryFolder(), "journal");
    bench.gateway.sales = [cut];
    bench.gateway.reversals = [problem(503, "MAINTENANCE")];
    const made = await bench.open({ journal, deadlines: HASTY });
    const result = await bench.sellByTap(made);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    await made.seen("reversalRefused");
    await made.terminal.close();
    expect(await result.resolved).toEqual({ outcome: "pending" });
    bench.gateway.reversals = [reversed];
    const next = await bench.open({ journal });
    expect(await next.seen("reversalDone")).toMatchObject({ id: result.id });
  });
});

describe("one operation at a time", () => {
  it("refuses a second sale with a typed error and harms the first in nothing", async () => {
    const made = await bench.open();
    const first = made.terminal.sell(SALE);
    await made.reader.whenArmed();
    await expect(made.terminal.sell(SALE)).rejects.toMatchObject({
      name: "PassTpeError",
      code: "BUSY",
      retryable: true,
      moneyMoved: "no",
    });
    made.reader.present(TAP);
    expect(await first).toMatchObject({ outcome: "approved" });
  });
});

describe("reverse and status", () => {
  it("reverses at the cashier's wish", async () => {
    const made = await bench.open();
    const sale = await bench.sellByTap(made);
    const result = await made.terminal.reverse(sale.id ?? "");
    expect(result).toMatchObject({ outcome: "reversed", id: sale.id });
    expect(bench.gateway.sentTo("/reversal")).toMatchObject([{ body: { reason: "manual" } }]);
  });

  it("tells a refused reversal from one without an answer", async () => {
    const id = "0190163d-8694-739b-aea5-966c26f8ad91";
    const { terminal } = await bench.open({ deadlines: HASTY });
    bench.gateway.reversals = [problem(404, "ORIGINAL_NOT_FOUND")];
    expect(await terminal.reverse(id)).toMatchObject({
      outcome: "declined",
      code: "ORIGINAL_NOT_FOUND",
    });
    bench.gateway.reversals = [cut];
    expect(await terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
  });

  it("gives the stored answer, or null for an id that the gateway does not have", async () => {
    const id = "0190163d-8694-739b-aea5-966c26f8ad91";
    const { terminal } = await bench.open();
    bench.gateway.sales = [answer({ id, state: "approved", answer: approval(id) })];
    expect(await terminal.status(id)).toMatchObject({ state: "approved" });
    bench.gateway.sales = [problem(404, "ORIGINAL_NOT_FOUND")];
    expect(await terminal.status(id)).toBeNull();
  });
});

describe("events", () => {
  it("tell a sale step by step, in order and without evidence", async () => {
    const made = await bench.open();
    await bench.sellByTap(made);
    const types = made.events.map((event) => (event.type === "status" ? event.status : event.type));
    expect(types.filter((type) => type !== "connection" && type !== "reader")).toEqual([
      "idle",
      "waitingForCard",
      "waitingForCard",
      "sending",
      "sending",
      "answered",
      "decision",
      "stepTimings",
      "idle",
    ]);
    expect(made.events.map(({ sequence }) => sequence)).toEqual(made.events.map((_, at) => at + 1));
    expect(JSON.stringify(made.events)).not.toContain("one-time");
  });

  it("are not lost between opening and listening", async () => {
    const { seen } = await bench.open();
    expect(await seen("reader")).toMatchObject({ reader: "fake", state: { status: "ready" } });
    expect(await seen("connection")).toMatchObject({ state: "online" });
  });

  it("go to listeners that cannot break a sale", async () => {
    const made = await bench.open();
    const end = made.terminal.on("*", () => {
      throw new Error("a bug of the till");
    });
    made.terminal.on("decision", () => Promise.reject(new Error("another")));
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
    await new Promise(setImmediate);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("another"), "PassTpeWarning");
    end();
    warn.mockRestore();
  });
});

describe("opening", () => {
  it.each([
    ["a gateway that is no URL", { gateway: "nowhere" }, "OPTIONS_INVALID"],
    ["a time limit that is none", { deadlines: { saleMs: 0 } }, "OPTIONS_INVALID"],
    [
      "credentials that are not there",
      { credentials: "/nonexistent/file" },
      "CREDENTIALS_UNREADABLE",
    ],
  ])("with %s is a typed error for the integrator", async (_case, wrong, code) => {
    const right = {
      gateway: bench.gateway.url,
      journal: join(temporaryFolder(), "j"),
      readers: [],
    };
    await expect(Terminal.open({ ...right, ...wrong })).rejects.toMatchObject({
      code,
      actor: "integrator",
    });
  });

  it("with a reader that cannot work closes the others again", async () => {
    const good = new FakeReader();
    const bad = new FakeReader();
    bad.open = () => Promise.reject(new Error("install nfc-pcsc"));
    await expect(bench.open({ readers: [good, bad] })).rejects.toMatchObject({
      code: "READER_UNAVAILABLE",
      message: "install nfc-pcsc",
    });
    expect(good.closed).toBe(true);
  });
});
