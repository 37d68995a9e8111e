import type { ReversalAnswer } from "@pass-tpe/protocol";
import { describe, expect, it, vi } from "vitest";
import { PassTpeError } from "../errors.js";
import { EventHub } from "../events.js";
import { approval } from "../test-kit/fake-gateway.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import type { Exchange } from "./exchange.js";
import { Journal } from "./journal.js";
import { ROUND_GAP_MIN_MS } from "./owed-queue.js";
import { owedReversals } from "./owed-reversals.js";

type Sent = Exchange<ReversalAnswer>;
const AWAY: Sent = { kind: "notSent", reason: "down" };
const MAINTENANCE = { kind: "problem", status: 503, problem: { code: "MAINTENANCE" } } as Sent;
const done = (id: string): Sent => {
  return {
    kind: "answer",
    body: { ...approval(id), code: "REVERSED" } as unknown as ReversalAnswer,
  };
};

const refused = (id: string, fields: Partial<ReversalAnswer>): Sent => {
  const given = { outcome: "declined", code: "REVERSAL_TOO_LATE", iso39: "21", retry: "NO" };
  return {
    kind: "answer",
    body: { ...approval(id), ...given, ...fields } as unknown as ReversalAnswer,
  };
};

async function queueWith(answerTo: (id: string, tryNumber: number) => Sent) {
  const clock = new ManualClock();
  const disk = new MemoryDisk();
  const journal = await Journal.open({ path: "journal", disk, clock });
  const sent: string[] = [];
  const owed = owedReversals({
    send: async ({ id }) => {
      sent.push(id);
      await null;
      return answerTo(id, sent.length);
    },
    journal,
    clock,
    hub: new EventHub({ clock }),
    onEnded: () => undefined,
  });
  return { owed, clock, sent, journal };
}

/** Lets everything that needs no time happen. */
const settle = () => new Promise(setImmediate);

describe("owed reversals", () => {
  it("wait longer from round to round, up to a minute, while the gateway is away", async () => {
    const { owed, clock } = await queueWith(() => AWAY);
    void owed.owe({ id: "a", reason: "lost" });
    const waits: (number | null)[] = [];
    for (let round = 0; round < 9; round += 1) {
      await settle();
      waits.push(clock.nextInMs);
      clock.advance(clock.nextInMs ?? 0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    await owed.close();
  });

  it("are not sent where another till has the journal, and go on where only the lock could not be looked at", async () => {
    for (const code of ["JOURNAL_IN_USE", "JOURNAL_FAILED"] as const) {
      const { owed, sent, clock, journal } = await queueWith(done);
      const looking = vi.spyOn(journal, "whyNotHeld");
      looking.mockResolvedValue(new PassTpeError({ code, detail: "as the test says" }));
      const end = owed.owe({ id: "a", reason: "lost" });
      await settle();
      expect(sent).toEqual([]);
      looking.mockResolvedValue(null);
      clock.advance(60_000);
      expect(await end).toMatchObject({ kind: "done" });
    }
  });

  it("are sent at once when the gateway is seen to answer", async () => {
    const { owed, sent, clock } = await queueWith((id, tryNumber) =>
      tryNumber === 1 ? AWAY : done(id),
    );
    const end = owed.owe({ id: "a", reason: "lost" });
    await settle();
    owed.retryNow();
    clock.advance(ROUND_GAP_MIN_MS);
    expect(await end).toMatchObject({ kind: "done" });
    expect(sent).toEqual(["a", "a"]);
    expect(owed.count).toBe(0);
  });

  it("do not wait for one that never gets an answer", async () => {
    const { owed, clock } = await queueWith((id) => (id === "poison" ? AWAY : done(id)));
    void owed.owe({ id: "poison", reason: "lost" });
    const end = owed.owe({ id: "b", reason: "lost" });
    await settle();
    clock.advance(60_000);
    expect(await end).toMatchObject({ kind: "done" });
    expect(owed.count).toBe(1);
    await owed.close();
  });

  it("are journaled as done before anybody hears of it", async () => {
    const { owed, journal } = await queueWith(done);
    await journal.append({ type: "attempt", id: "a", atMs: 1, avantage: "SPECTACLE" });
    await owed.owe({ id: "a", reason: "lost" });
    expect(journal.owedReversals()).toEqual([]);
  });

  it("end as pending when the terminal is closed, even one that comes later", async () => {
    const { owed } = await queueWith(() => AWAY);
    const before = owed.owe({ id: "a", reason: "lost" });
    await owed.close();
    const after = owed.owe({ id: "b", reason: "lost" });
    expect([await before, await after]).toEqual([{ kind: "pending" }, { kind: "pending" }]);
  });

  it("are not hurried by their own exchanges, which show that the gateway answers", async () => {
    const made = await queueWith((id) => {
      made.owed.retryNow();
      return id === "a" ? MAINTENANCE : AWAY;
    });
    void made.owed.owe({ id: "a", reason: "lost" });
    void made.owed.owe({ id: "b", reason: "lost" });
    for (let turn = 0; turn < 20; turn += 1) await settle();
    expect(made.sent).toEqual(["a", "b"]);
    await made.owed.close();
  });

  it("keep a gap between rounds, however often somebody else sees the gateway answer", async () => {
    const { owed, sent } = await queueWith(() => AWAY);
    void owed.owe({ id: "a", reason: "lost" });
    for (let turn = 0; turn < 20; turn += 1) {
      await settle();
      owed.retryNow();
    }
    expect(sent).toEqual(["a"]);
    await owed.close();
  });

  it("of the same sale share one end", async () => {
    const { owed, clock } = await queueWith((id, tryNumber) => (tryNumber === 1 ? AWAY : done(id)));
    const first = owed.owe({ id: "a", reason: "lost" });
    await settle();
    const second = owed.owe({ id: "a", reason: "the cashier's wish" });
    clock.advance(ROUND_GAP_MIN_MS);
    expect([await first, await second]).toMatchObject([{ kind: "done" }, { kind: "done" }]);
  });

  it("that the gateway refuses for good end there, and are owed no more after a restart", async () => {
    const { owed, journal } = await queueWith((id) => refused(id, {}));
    await journal.append({ type: "attempt", id: "a", atMs: 1, avantage: "SPECTACLE" });
    const end = await owed.owe({ id: "a", reason: "lost" });
    expect(end).toMatchObject({ kind: "refused", said: { body: { code: "REVERSAL_TOO_LATE" } } });
    expect(owed.count).toBe(0);
    expect(journal.owedReversals()).toEqual([]);
  });

  it.each([
    ["a technical refusal", { code: "NEW", iso39: "96" }],
    ["a refusal that another try may change", { code: "NEW", iso39: "57", retry: "LATER" }],
    ["an approval that its field 39 denies", { outcome: "approved", iso39: "51" } as const],
  ])("stay owed after %s", async (_case, fields) => {
    const { owed } = await queueWith((id) => refused(id, fields));
    void owed.owe({ id: "a", reason: "lost" });
    await settle();
    expect(owed.count).toBe(1);
    await owed.close();
  });
});
