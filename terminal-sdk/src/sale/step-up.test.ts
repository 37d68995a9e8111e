import { copyFileSync } from "node:fs";
import { PROOF_LIFETIME_MS } from "@pass-tpe/protocol";
import { stepUpNumber } from "@pass-tpe/protocol/standards";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import { systemClock, type TerminalClock } from "../clock.js";
import type { PinPad, PinRequest, PinResult } from "../pin/pad.js";
import { HASTY, SALE, TerminalBench } from "../test-kit/bench.js";
import { answer, approval, approve, cut, decline } from "../test-kit/fake-gateway.js";
import { TAP } from "../test-kit/fake-reader.js";
import { GATEWAY_NOW_MS, temporaryFolder } from "../test-kit/fixtures.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { showsPin } from "../test-kit/shows-pin.js";

const PIN_BLOCK = { ksn: "0".repeat(24), block: "A".repeat(32) };
const PROOF_REF = "P".repeat(22);

/** A pad that does as it is told, and keeps what it was asked. */
function pinPad(requestPin: (request: PinRequest) => Promise<PinResult>) {
  const requests: PinRequest[] = [];
  const pad: PinPad = {
    name: "test pad",
    requestPin: (request) => {
      requests.push(request);
      return requestPin(request);
    },
    close: async () => undefined,
  };
  return { pad, requests };
}

const typing = () => pinPad(async () => ({ ok: true, pinBlock: PIN_BLOCK }));
/** Nobody types, and the pad overlooks its signal. */
const deaf = () => pinPad(() => new Promise(() => undefined));

const needsCode = decline("PIN_REQUIRED", { retry: "NOW", proofRef: PROOF_REF });

const bench = new TerminalBench();
beforeEach(async () => {
  await bench.start();
  bench.gateway.sales = [needsCode, approve];
});
afterEach(() => bench.stop());

const sent = () => bench.gateway.sentTo("/v1/authorizations").map(({ body }) => body);

describe("a tap that needs the code secret", () => {
  it("is followed by it in one more request, bound to this presentation", async () => {
    const { pad, requests } = typing();
    const made = await bench.open({ pinPad: pad });
    const result = await bench.sellByTap(made, { exact: true, capture: false });
    const [tap, stepUp] = sent();
    expect(requests).toMatchObject([
      { cardNumber: stepUpNumber(PROOF_REF), prompt: [expect.any(String), "18,00 EUR"] },
    ]);
    expect(stepUp).toEqual({
      ...tap,
      id: expect.not.stringMatching(String(tap?.["id"])),
      deadlineMs: expect.any(Number),
      evidence: { type: "proofRef", proofRef: PROOF_REF, pinBlock: PIN_BLOCK },
      stepUpOf: tap?.["id"],
    });
    expect(result).toMatchObject({
      outcome: "approved",
      id: stepUp?.["id"],
      stepUpOf: tap?.["id"],
    });
  });

  it("asks as after a scan, and tells one decision", async () => {
    const made = await bench.open({ pinPad: typing().pad });
    const result = await bench.sellByTap(made);
    await made.seen("stepTimings");
    const told = made.events.flatMap((event) =>
      event.type === "status" ? [event.status] : event.type === "pinRequested" ? [event.type] : [],
    );
    expect(told.filter((word) => word !== "idle")).toEqual([
      "waitingForCard",
      "sending",
      "waitingForPin",
      "pinRequested",
      "sending",
    ]);
    const decisions = made.events.filter(({ type }) => type === "decision");
    expect(decisions).toMatchObject([{ id: result.id, outcome: "approved" }]);
  });

  it("adds the steps of both requests up", async () => {
    bench.gateway.sales = [
      (received, response) => {
        const body = { ...approval(String(received.body["id"])), outcome: "declined", iso39: "70" };
        answer(
          { ...body, code: "PIN_REQUIRED", proofRef: PROOF_REF },
          { "server-timing": "decide;dur=2" },
        )(received, response);
      },
      approve,
    ];
    const { timings } = await bench.sellByTap(await bench.open({ pinPad: typing().pad }));
    expect(timings).toMatchObject({ cardMs: 40, decisionMs: 3.5, pinMs: expect.any(Number) });
    const { readMs, pinMs = 0, journalMs, networkMs, totalMs } = timings;
    expect(readMs + pinMs + journalMs + networkMs).toBeLessThanOrEqual(totalMs);
  });

  it("goes the same way when it is paid for by a reference", async () => {
    const { terminal } = await bench.open({ pinPad: typing().pad });
    const result = await terminal.sell({ ...SALE, proofRef: "Q".repeat(22) });
    expect(result).toMatchObject({ outcome: "approved", stepUpOf: sent()[0]?.["id"] });
    expect(sent().map(({ evidence }) => evidence)).toEqual([
      { type: "proofRef", proofRef: "Q".repeat(22) },
      { type: "proofRef", proofRef: PROOF_REF, pinBlock: PIN_BLOCK },
    ]);
  });

  it("ends with a wrong code, which is the sale's result", async () => {
    bench.gateway.sales = [needsCode, decline("PIN_INCORRECT", { iso39: "55" }), approve];
    const { pad, requests } = typing();
    const result = await bench.sellByTap(await bench.open({ pinPad: pad }));
    expect(result).toMatchObject({ code: "PIN_INCORRECT", id: sent()[1]?.["id"] });
    expect([sent().length, requests.length]).toEqual([2, 1]);
  });

  it("prompts once, whatever is answered to the second request", async () => {
    bench.gateway.sales = [needsCode];
    const { pad, requests } = typing();
    const result = await bench.sellByTap(await bench.open({ pinPad: pad }));
    expect(result).toMatchObject({ code: "PIN_REQUIRED" });
    expect([sent().length, requests.length]).toEqual([2, 1]);
  });

  it("is not asked for its code without a reference to it", async () => {
    bench.gateway.sales = [decline("PIN_REQUIRED", { retry: "NOW" })];
    const { pad, requests } = typing();
    const result = await bench.sellByTap(await bench.open({ pinPad: pad }));
    expect(result).toMatchObject({ code: "PIN_REQUIRED" });
    expect(requests).toEqual([]);
  });
});

describe("a tap whose code secret cannot be asked for", () => {
  it.each([
    ["without a pad", undefined, "no pinPad was given"],
    [
      "with a pad that fails",
      pinPad(async () => ({ ok: false, reason: "failed", detail: "no key" })).pad,
      "no key",
    ],
    [
      "with a pad that throws",
      pinPad(() => Promise.reject(new Error("4821"))).pad,
      "test pad failed",
    ],
  ])("%s stays as it was declined, and tells the integrator what to give", async (_, pad, why) => {
    const made = await bench.open(pad === undefined ? {} : { pinPad: pad });
    const result = await bench.sellByTap(made);
    expect(result).toMatchObject({
      outcome: "declined",
      moneyMoved: "no",
      code: "PIN_REQUIRED",
      id: sent()[0]?.["id"],
      proofRef: PROOF_REF,
      detail: expect.stringMatching(/give a pinPad.*\(/),
    });
    expect(result).toHaveProperty("detail", expect.stringContaining(why));
    expect(showsPin(JSON.stringify(result), "4821")).toBe(false);
    expect(sent()).toHaveLength(1);
  });
});

describe("a tap whose code secret does not come", () => {
  it.each([
    ["the holder gives up", pinPad(async () => ({ ok: false, reason: "cancelled" })), 60_000],
    ["nobody types in time", deaf(), 20],
  ])("moved nothing when %s", async (_case, { pad }, pinMs) => {
    const made = await bench.open({ pinPad: pad, deadlines: { pinMs } });
    const result = await bench.sellByTap(made);
    expect(result).toMatchObject({ outcome: "declined", moneyMoved: "no", code: "PIN_CANCELLED" });
    expect(result).toMatchObject({ stepUpOf: sent()[0]?.["id"] });
    expect(result.id).toBeUndefined();
    expect(sent()).toHaveLength(1);
  });

  it("moved nothing when the cashier cancels at the pad", async () => {
    const made = await bench.open({ pinPad: deaf().pad });
    const sale = bench.sellByTap(made);
    await made.seen("pinRequested");
    await made.terminal.cancel();
    expect(await sale).toMatchObject({ code: "SALE_CANCELLED", stepUpOf: sent()[0]?.["id"] });
    expect([sent().length, bench.gateway.sentTo("/reversal").length]).toEqual([1, 0]);
  });

  it.each(["status", "pinRequested"] as const)(
    "is not asked for when the till cancels as it hears of it, by %s",
    async (heard) => {
      const { pad, requests } = pinPad(
        ({ signal }) =>
          new Promise((resolve) => {
            const giveUp = () => resolve({ ok: false, reason: "cancelled" });
            signal.addEventListener("abort", giveUp, { once: true });
          }),
      );
      const made = await bench.open({ pinPad: pad });
      made.terminal.on(heard, (event) => {
        if (event.type === "pinRequested" || event.status === "waitingForPin") {
          void made.terminal.cancel();
        }
      });
      expect(await bench.sellByTap(made)).toMatchObject({ code: "SALE_CANCELLED" });
      expect([sent().length, requests.length]).toEqual([1, 0]);
    },
  );

  it("is not asked for when the cashier has cancelled while the tap was decided", async () => {
    const { pad, requests } = typing();
    const made = await bench.open({ pinPad: pad });
    bench.gateway.sales = [
      (received, response) => {
        void made.terminal.cancel();
        needsCode(received, response);
      },
    ];
    expect(await bench.sellByTap(made)).toMatchObject({ code: "SALE_CANCELLED" });
    expect([sent().length, requests.length]).toEqual([1, 0]);
    expect(made.events.map(({ type }) => type)).not.toContain("pinRequested");
  });

  it.each([
    ["a tap of now", {}, PROOF_LIFETIME_MS],
    ["a tap of before", { proofExpiresAtMs: GATEWAY_NOW_MS + 5_000 }, 5_000],
  ])("is waited for no longer than %s can be followed", async (_tap, proof, leftMs) => {
    bench.gateway.sales = [decline("PIN_REQUIRED", { proofRef: PROOF_REF, ...proof })];
    const waitsMs: number[] = [];
    const clock: TerminalClock = {
      ...systemClock,
      after(delayMs, run) {
        waitsMs.push(delayMs);
        return systemClock.after(delayMs, run);
      },
    };
    let longestMs = Number.NaN;
    const { pad } = pinPad(async () => {
      longestMs = waitsMs.at(-1) ?? Number.NaN;
      return { ok: false, reason: "cancelled" };
    });
    const tryMs = 1_500;
    const deadlines = { pinMs: 10 * PROOF_LIFETIME_MS, tryMs };
    await bench.sellByTap(await bench.open({ pinPad: pad, clock, deadlines }));
    expect(longestMs).toBeLessThanOrEqual(leftMs - tryMs);
    expect(longestMs).toBeGreaterThan(0);
  });

  it("is not asked for where it would come too late, and the card has to be shown again", async () => {
    const tryMs = 1_500;
    const proofExpiresAtMs = GATEWAY_NOW_MS + tryMs;
    bench.gateway.sales = [decline("PIN_REQUIRED", { proofRef: PROOF_REF, proofExpiresAtMs })];
    const { pad, requests } = typing();
    const result = await bench.sellByTap(await bench.open({ pinPad: pad, deadlines: { tryMs } }));
    expect(result).toMatchObject({ outcome: "declined", moneyMoved: "no", code: "PROOF_EXPIRED" });
    expect(result).toMatchObject({ stepUpOf: sent()[0]?.["id"] });
    expect(result).not.toHaveProperty("proofRef");
    expect([sent().length, requests.length]).toEqual([1, 0]);
  });
});

describe("in the journal, a tap and its code secret", () => {
  it("are two attempts, the first answered and the second durable before it is sent", async () => {
    const path = "journal";
    const disk = new MemoryDisk();
    const journal = await Journal.open({ path, disk });
    const made = await bench.open({ pinPad: typing().pad, journal });
    let atStepUp = "";
    bench.gateway.sales = [
      needsCode,
      (received, response) => {
        atStepUp = disk.durable(path);
        approve(received, response);
      },
    ];
    const { id } = await bench.sellByTap(made);
    const [tap, answered, stepUp] = atStepUp.split("\n");
    expect(tap).toContain(`"type":"attempt","id":"${sent()[0]?.["id"]}"`);
    expect(answered).toContain('"outcome":"declined","code":"PIN_REQUIRED"');
    expect(stepUp).toContain(`"type":"attempt","id":"${id}"`);
    expect(disk.durable(path)).not.toContain(PROOF_REF);
  });

  it("owe nothing where the machine stops at the pad", async () => {
    const journal = `${temporaryFolder()}/journal`;
    const made = await bench.open({ pinPad: deaf().pad, journal });
    const sale = bench.sellByTap(made);
    await made.seen("pinRequested");
    const copy = `${temporaryFolder()}/journal`;
    copyFileSync(journal, copy);
    const next = await bench.open({ journal: copy });
    await next.terminal.close();
    expect(next.events.map(({ type }) => type)).not.toContain("reversalOwed");
    await made.terminal.cancel();
    await sale;
  });

  it("owe a reversal of the second alone where nobody knows what became of it", async () => {
    bench.gateway.sales = [needsCode, cut];
    const made = await bench.open({ pinPad: typing().pad, deadlines: HASTY });
    const result = await bench.sellByTap(made);
    const [tap, stepUp] = sent();
    expect(result).toMatchObject({ outcome: "unknown", stepUpOf: tap?.["id"] });
    if (result.outcome !== "unknown") throw new Error("expected unknown");
    expect(await result.resolved).toMatchObject({ outcome: "reversed" });
    expect(bench.gateway.sentTo("/reversal").map(({ path }) => path)).toEqual([
      `/v1/authorizations/${stepUp?.["id"]}/reversal`,
    ]);
  });
});

it("a tap that is approved at once never prompts", async () => {
  bench.gateway.sales = [approve];
  const { pad, requests } = typing();
  const { terminal, reader } = await bench.open({ pinPad: pad });
  const sale = terminal.sell(SALE);
  (await reader.whenArmed()).present(TAP);
  expect(await sale).not.toHaveProperty("stepUpOf");
  expect(requests).toEqual([]);
});
