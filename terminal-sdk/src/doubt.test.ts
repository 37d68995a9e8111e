import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "./client/journal.js";
import { systemClock } from "./clock.js";
import { HASTY, SALE, TerminalBench } from "./test-kit/bench.js";
import {
  answer,
  approval,
  approve,
  type Behaviour,
  cut,
  decision,
  problem,
  reversed,
  silence,
  stands,
} from "./test-kit/fake-gateway.js";
import { temporaryFolder } from "./test-kit/fixtures.js";
import { MemoryDisk } from "./test-kit/memory-disk.js";

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

/** A decline of a code newer than this version. */
const undecided =
  (iso39: string, retry: string): Behaviour =>
  (received, response) => {
    const given = { outcome: "declined", iso39, retry };
    const body = decision(String(received.body["id"]), "FUTURE_RULE", given);
    answer({ ...body, avantage: "SPECTACLE" })(received, response);
  };

const approvedAs51: Behaviour = (received, response) =>
  answer({ ...approval(String(received.body["id"])), iso39: "51" })(received, response);

describe("a lost answer", () => {
  it("is asked for again under the same id and body, and is then the sale's result", async () => {
    bench.gateway.sales = [cut, silence, approve];
    const made = await bench.open({ deadlines: { tryMs: 200 } });
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "approved" });
    const bodies = bench.gateway.sentTo("/v1/authorizations").map(({ body }) => {
      const { deadlineMs: _, ...same } = body;
      return same;
    });
    expect(bodies).toHaveLength(3);
    expect(bodies[1]).toEqual(bodies[0]);
    expect(bodies[2]).toEqual(bodies[0]);
  });

  it.each([
    ["a line that is cut each time", [cut]],
    ["an answer that cannot be read", [answer({ outcome: "approved" })]],
    ["an answer about another sale", [answer(approval("0190163d-8694-739b-aea5-966c26f8ad91"))]],
    ["a failing server", [problem(500, "SYSTEM_ERROR")]],
    [
      "a conflict after a try that may have been decided",
      [cut, problem(409, "DUPLICATE_CONFLICT")],
    ],
    ["a revocation after such a try", [cut, problem(403, "TERMINAL_NOT_AUTHORISED")]],
    ["a decline without a decision after such a try", [cut, undecided("96", "NO")]],
    ["an answer that it is still being decided", [undecided("09", "SAMEKEY")]],
    ["an approval that its field 39 denies", [approvedAs51]],
  ])("%s makes the sale unknown, and it is reversed", async (_case, sales) => {
    bench.gateway.sales = [...sales];
    const result = await bench.sellByTap(await bench.open({ deadlines: HASTY }));
    expect(result).toMatchObject({
      outcome: "unknown",
      moneyMoved: "unknown",
      code: "TIMEOUT",
      display: ["PAS DE REPONSE A TEMPS", "VERIFICATION EN COURS"],
    });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ outcome: "reversed", code: "REVERSED" });
    expect(bench.gateway.sentTo("/reversal").at(-1)).toMatchObject({
      path: `/v1/authorizations/${result.id}/reversal`,
      body: { reason: "automatic" },
    });
  });

  it("is reversed again and again until the gateway acknowledges it", async () => {
    bench.gateway.sales = [cut];
    bench.gateway.reversals = [cut, problem(503, "MAINTENANCE"), reversed];
    const made = await bench.open({ deadlines: HASTY });
    const result = await bench.sellByTap(made);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ outcome: "reversed" });
    expect(bench.gateway.sentTo("/reversal").length).toBe(3);
    expect(made.events.filter(({ type }) => type === "unknownResolved")).toHaveLength(1);
  });

  it("of a request that never left is a decline, and nothing is reversed", async () => {
    const made = await bench.open({ deadlines: HASTY });
    await bench.gateway.stop();
    expect(await bench.sellByTap(made)).toMatchObject({
      outcome: "declined",
      code: "UNREACHABLE",
      moneyMoved: "no",
    });
    await bench.gateway.listen();
    expect(made.events.map(({ type }) => type)).not.toContain("reversalOwed");
  });
});

describe("the journal", () => {
  const PATH = "journal";

  it("holds the attempt before the request leaves, and the answer before the till gets it", async () => {
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: PATH, disk }) });
    let atRequest = "";
    bench.gateway.sales = [
      (received, response) => {
        atRequest = disk.durable(PATH);
        approve(received, response);
      },
    ];
    const result = await bench.sellByTap(made);
    expect(atRequest).toContain(`"type":"attempt","id":"${result.id}"`);
    expect(atRequest).not.toContain('"type":"answer"');
    expect(disk.durable(PATH)).toContain('"type":"answer"');
  });

  it("holds the owed reversal before the till hears of the doubt", async () => {
    const disk = new MemoryDisk();
    bench.gateway.sales = [cut];
    bench.gateway.reversals = [cut];
    const made = await bench.open({
      journal: await Journal.open({ path: PATH, disk }),
      deadlines: HASTY,
    });
    const result = await bench.sellByTap(made);
    expect(disk.durable(PATH)).toContain(`"type":"reversalOwed","id":"${result.id}"`);
  });

  it("never holds evidence", async () => {
    const disk = new MemoryDisk();
    await bench.sellByTap(await bench.open({ journal: await Journal.open({ path: PATH, disk }) }));
    expect(disk.durable(PATH)).not.toContain("one-time");
  });

  it("that cannot keep the attempt keeps the request from leaving", async () => {
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: PATH, disk }) });
    disk.syncFailure = new Error("ENOSPC");
    await expect(bench.sellByTap(made)).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
      moneyMoved: "no",
      actor: "device",
    });
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
  });

  it("that was slow for most of the sale's time keeps the request from leaving", async () => {
    const disk = new MemoryDisk();
    let lateMs = 0;
    const clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + lateMs };
    const made = await bench.open({ journal: await Journal.open({ path: PATH, disk }), clock });
    disk.onSync = () => {
      lateMs = 4_900;
    };
    expect(await bench.sellByTap(made)).toMatchObject({ outcome: "declined", moneyMoved: "no" });
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
    expect(disk.durable(PATH)).toContain('"outcome":"declined"');
  });

  it("that cannot keep an approval makes it unknown, and it is reversed", async () => {
    const disk = new MemoryDisk();
    const made = await bench.open({ journal: await Journal.open({ path: PATH, disk }) });
    bench.gateway.sales = [
      (received, response) => {
        disk.syncFailure = new Error("EIO");
        approve(received, response);
      },
    ];
    const result = await bench.sellByTap(made);
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ outcome: "reversed" });
  });
});

describe("after a crash", () => {
  const ID = "0190163d-8694-739b-aea5-966c26f8ad91";

  async function journalWith(records: Parameters<Journal["append"]>[0][]) {
    const path = join(temporaryFolder(), "journal");
    const journal = await Journal.open({ path });
    for (const record of records) await journal.append(record);
    await journal.close();
    return path;
  }
  const ATTEMPT = { type: "attempt", id: ID, atMs: Date.now(), ...SALE } as const;
  const APPROVED = {
    type: "answer",
    id: ID,
    atMs: Date.now(),
    outcome: "approved",
    code: "APPROVED",
    amountCents: 1800,
  } as const;

  it("nothing is resent, and what was in doubt is reversed, once", async () => {
    const journal = await journalWith([ATTEMPT]);
    const made = await bench.open({ journal });
    expect(await made.seen("reversalDone")).toMatchObject({ id: ID, code: "REVERSED" });
    await made.terminal.close();
    const again = await bench.open({ journal });
    await again.terminal.close();
    expect(bench.gateway.sentTo("/reversal")).toMatchObject([{ body: { reason: "automatic" } }]);
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
  });

  it("a reversal that was owed while the gateway is away is sent when it is back", async () => {
    const journal = await journalWith([ATTEMPT]);
    await bench.gateway.stop();
    const made = await bench.open({ journal, deadlines: { heartbeatMs: 50 } });
    expect(await made.seen("connection")).toMatchObject({ state: "offline" });
    await bench.gateway.listen();
    expect(await made.seen("reversalDone")).toMatchObject({ id: ID });
  });

  it("an approval that the till never took note of is told until it does", async () => {
    const journal = await journalWith([ATTEMPT, APPROVED]);
    const first = await bench.open({ journal });
    expect(await first.seen("recovered")).toMatchObject({ id: ID, amountCents: 1800 });
    await first.terminal.close();
    const second = await bench.open({ journal });
    expect(await second.seen("recovered")).toMatchObject({ id: ID });
    await second.terminal.acknowledge(ID);
    await second.terminal.close();
    const third = await bench.open({ journal });
    await third.terminal.close();
    expect(third.events.map(({ type }) => type)).not.toContain("recovered");
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
  });

  it("an approval is listed until the till has acknowledged or reversed it", async () => {
    const journal = await journalWith([ATTEMPT, APPROVED]);
    const made = await bench.open({ journal });
    expect(made.terminal.recovered()).toMatchObject([{ id: ID, amountCents: 1800 }]);
    await made.terminal.reverse(ID);
    expect(made.terminal.recovered()).toEqual([]);
  });

  it("an approval that was reversed meanwhile is told as reversed: its answer was written, its sale became unknown", async () => {
    const journal = await journalWith([ATTEMPT, APPROVED]);
    bench.gateway.statuses = [answer({ id: ID, state: "reversed", answer: approval(ID) })];
    const first = await bench.open({ journal });
    expect(await first.seen("reversalDone")).toMatchObject({ id: ID, code: "REVERSED" });
    expect(first.terminal.recovered()).toEqual([]);
    await first.terminal.close();
    bench.gateway.statuses = [stands];
    const second = await bench.open({ journal });
    await second.terminal.close();
    const told = [...first.events, ...second.events].map(({ type }) => type);
    expect(told).not.toContain("recovered");
    expect(told.filter((type) => type === "reversalDone")).toHaveLength(1);
  });

  it("an approval that the gateway does not have is not told, but reversed", async () => {
    const journal = await journalWith([ATTEMPT, APPROVED]);
    bench.gateway.statuses = [problem(404, "ORIGINAL_NOT_FOUND")];
    const made = await bench.open({ journal });
    expect(await made.seen("reversalDone")).toMatchObject({ id: ID });
    expect(made.events.map(({ type }) => type)).not.toContain("recovered");
  });

  it("an approval is told only once the gateway has confirmed it", async () => {
    const journal = await journalWith([ATTEMPT, APPROVED]);
    bench.gateway.statuses = [problem(503, "MAINTENANCE"), stands];
    const made = await bench.open({ journal });
    expect(made.terminal.recovered()).toEqual([]);
    expect(await made.seen("recovered")).toMatchObject({ id: ID });
    expect(made.terminal.recovered()).toMatchObject([{ id: ID }]);
  });

  it("an approval that the till did get is not told again", async () => {
    const journal = join(temporaryFolder(), "journal");
    const first = await bench.open({ journal });
    await bench.sellByTap(first);
    await first.terminal.close();
    const second = await bench.open({ journal });
    await second.terminal.close();
    expect(second.events.map(({ type }) => type)).not.toContain("recovered");
  });
});
