import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.js";
import { DEVICES_CLOSE_MS, Terminal } from "./terminal.js";
import { deferred, HASTY, SALE, TerminalBench } from "./test-kit/bench.js";
import {
  approve,
  type Behaviour,
  cut,
  decline,
  problem,
  reversed,
} from "./test-kit/fake-gateway.js";
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

describe("close, whatever is under way", () => {
  const ID = "0190163d-8694-739b-aea5-966c26f8ad91";

  it.each([
    ["a reversal", (terminal: Terminal) => terminal.reverse(ID)],
    ["a question about a sale", (terminal: Terminal) => terminal.status(ID)],
    ["a question about the terminal", (terminal: Terminal) => terminal.profile()],
  ])("waits for %s", async (_case, begin) => {
    const made = await bench.open();
    const { promise, resolve: arrived } = deferred<() => void>();
    const held: Behaviour = (_received, response) =>
      arrived(() => problem(404, "ORIGINAL_NOT_FOUND")(_received, response));
    bench.gateway.reversals = [held];
    bench.gateway.statuses = [held];
    bench.gateway.profile = held;
    const order: string[] = [];
    const work = begin(made.terminal).then(
      () => order.push("work"),
      () => order.push("work"),
    );
    made.reader.close = async () => {
      order.push("devices closed");
    };
    const letThrough = await promise;
    const closed = made.terminal.close();
    await new Promise(setImmediate);
    letThrough();
    await Promise.all([work, closed]);
    expect(order).toEqual(["work", "devices closed"]);
  });

  it("says nothing after closed", async () => {
    const made = await bench.open();
    await made.terminal.close();
    made.reader.becomes({ status: "absent", reason: "unplugged" });
    expect(made.events.at(-1)).toMatchObject({ type: "status", status: "closed" });
  });

  it.each([
    ["rejects", () => Promise.reject(new Error("PIN was 1470"))],
    [
      "throws",
      () => {
        throw new Error("PIN was 1470");
      },
    ],
    ["never ends", () => new Promise<void>(() => undefined)],
  ])("gives the journal back when a PIN pad's own close %s", async (_case, close) => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const journal = join(temporaryFolder(), "journal");
    const pinPad = { name: "stuck", requestPin: vi.fn(), close };
    const after: typeof systemClock.after = (delayMs, run) =>
      systemClock.after(delayMs === DEVICES_CLOSE_MS ? 0 : delayMs, run);
    const made = await bench.open({ journal, pinPad, clock: { ...systemClock, after } });
    await made.terminal.close();
    await (await bench.open({ journal })).terminal.close();
    expect(warn.mock.calls).toEqual([[expect.stringContaining("PIN pad"), "PassTpeWarning"]]);
    expect(JSON.stringify(warn.mock.calls)).not.toContain("1470");
    warn.mockRestore();
  });
});

describe("one operation at a time", () => {
  it("lets the next begin in a listener of the last one's decision", async () => {
    const made = await bench.open();
    const next = new Promise((resolve) => {
      const end = made.terminal.on("decision", () => {
        end();
        resolve(made.terminal.sell({ avantage: "LICENCE" }));
      });
    });
    await bench.sellByTap(made);
    expect(await next).toMatchObject({ code: "AVANTAGE_NOT_ACCEPTED_HERE" });
  });

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

  it("that gets no answer is made by itself, also after a crash in the middle of it", async () => {
    const journal = join(temporaryFolder(), "journal");
    const made = await bench.open({ journal, deadlines: HASTY });
    const { id = "" } = await bench.sellByTap(made);
    let kept = "";
    bench.gateway.reversals = [
      (received, response) => {
        kept = readFileSync(journal, "utf8");
        cut(received, response);
      },
      cut,
      cut,
      cut,
      cut,
      reversed,
    ];
    expect(await made.terminal.reverse(id)).toMatchObject({ outcome: "unknown" });
    expect(kept).toContain(`"type":"reversalOwed","id":"${id}"`);
    expect(await made.seen("reversalDone")).toMatchObject({ id });
  });

  it("that is refused owes nothing", async () => {
    const journal = join(temporaryFolder(), "journal");
    const first = await bench.open({ journal });
    const { id = "" } = await bench.sellByTap(first);
    bench.gateway.reversals = [decline("REVERSAL_TOO_LATE", { id, iso39: "21" })];
    expect(await first.terminal.reverse(id)).toMatchObject({ code: "REVERSAL_TOO_LATE" });
    await first.terminal.close();
    const second = await bench.open({ journal });
    await second.terminal.close();
    expect(second.events.map(({ type }) => type)).not.toContain("reversalOwed");
  });

  it("gives the stored answer, or null for an id that the gateway does not have", async () => {
    const id = "0190163d-8694-739b-aea5-966c26f8ad91";
    const { terminal } = await bench.open();
    expect(await terminal.status(id)).toMatchObject({ state: "approved" });
    bench.gateway.statuses = [problem(404, "ORIGINAL_NOT_FOUND")];
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

describe("closing", () => {
  it("is told once, also to a till that closes when it hears of it", async () => {
    const { terminal, events } = await bench.open();
    const closes: Promise<void>[] = [];
    terminal.on("status", ({ status }) => {
      if (status === "closing") closes.push(terminal.close());
    });
    const first = terminal.close();
    await first;
    expect(closes).toEqual([first]);
    const told = events.filter((event) => event.type === "status" && event.status === "closing");
    expect(told).toHaveLength(1);
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
