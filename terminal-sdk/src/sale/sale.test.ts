import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PinPad, PinRequest } from "../pin/pad.js";
import { Terminal } from "../terminal.js";
import { deferred, SALE, TerminalBench } from "../test-kit/bench.js";
import { answer, approve, decision, decline, problem } from "../test-kit/fake-gateway.js";
import { FakeReader, TAP } from "../test-kit/fake-reader.js";
import { CARD_NUMBER, PROFILE, qrText, temporaryFolder } from "../test-kit/fixtures.js";
import { showsPin } from "../test-kit/shows-pin.js";

const PIN_BLOCK = { ksn: "0".repeat(24), block: "A".repeat(32) };

/** A pad that gives one result, and keeps what it was asked. */
function pinPad(result: Awaited<ReturnType<PinPad["requestPin"]>>) {
  const requests: PinRequest[] = [];
  const pad: PinPad = {
    name: "test pad",
    requestPin: async (request) => {
      requests.push(request);
      return result;
    },
    close: async () => undefined,
  };
  return { pad, requests };
}

const bench = new TerminalBench();
beforeEach(() => bench.start());
afterEach(() => bench.stop());

describe("a tap", () => {
  it("is approved with what the till must show and collect", async () => {
    const result = await bench.sellByTap(await bench.open());
    expect(result).toMatchObject({
      outcome: "approved",
      moneyMoved: "yes",
      code: "APPROVED",
      amountCents: 1800,
      collectCents: 0,
      display: ["LIGNE 1", "LIGNE 2"],
      timings: { cardMs: 40, decisionMs: 1.5 },
    });
    expect(bench.gateway.sentTo("/v1/authorizations")).toMatchObject([
      {
        body: {
          evidence: { type: "nfc", message: "https://pass.example/c?one-time" },
          avantage: "SPECTACLE",
          purchaseCents: 1800,
        },
      },
    ]);
  });

  it("that is only recorded moved no money", async () => {
    bench.gateway.sales = [
      (received, response) => {
        const given = { outcome: "approved", iso39: "00", retry: "NONE" };
        const body = decision(String(received.body["id"]), "APPROVED_RECORD", given);
        answer({ ...body, avantage: "MUSEE" })(received, response);
      },
    ];
    const made = await bench.open();
    const sale = made.terminal.sell({ avantage: "MUSEE" });
    (await made.reader.whenArmed()).present(TAP);
    expect(await sale).toMatchObject({ outcome: "approved", moneyMoved: "no" });
    expect(await made.seen("decision")).toMatchObject({ moneyMoved: "no" });
  });

  it("never prompts for a PIN", async () => {
    const { pad, requests } = pinPad({ ok: true, pinBlock: PIN_BLOCK });
    await bench.sellByTap(await bench.open({ pinPad: pad }));
    expect(requests).toEqual([]);
  });

  it("leaves the gateway less time than the till waits", async () => {
    await bench.sellByTap(await bench.open({ deadlines: { saleMs: 5_000, marginMs: 1_000 } }));
    const { deadlineMs } = bench.gateway.sentTo("/v1/authorizations")[0]?.body ?? {};
    expect(Number(deadlineMs)).toBeGreaterThan(0);
    expect(Number(deadlineMs)).toBeLessThanOrEqual(4_000);
  });

  it("wins over all other readers, which are disarmed", async () => {
    const [first, second] = [new FakeReader({ name: "a" }), new FakeReader({ name: "b" })];
    const { terminal } = await bench.open({ readers: [first, second] });
    const sale = terminal.sell(SALE);
    await Promise.all([first.whenArmed(), second.whenArmed()]);
    second.present(TAP);
    expect([first.armed, second.armed]).toEqual([false, false]);
    first.present(TAP);
    await sale;
    expect(bench.gateway.sentTo("/v1/authorizations")).toHaveLength(1);
  });

  it("after a refused presentation is still waited for", async () => {
    const { terminal, reader, seen } = await bench.open();
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).refuse("NOT_A_PASS_CARD");
    expect(await seen("readRefused")).toMatchObject({
      code: "NOT_A_PASS_CARD",
      display: ["CE N'EST PAS UN PASS'REGION", "PRESENTER LA CARTE PASS'REGION"],
    });
    reader.present(TAP);
    expect(await sale).toMatchObject({ outcome: "approved" });
  });
});

describe("a declined sale", () => {
  it("tells what else the card can use here, whose card it is and which case it was", async () => {
    const view = { avantage: "CINEMA", label: "Cinéma", unit: "SEAT", state: "open" };
    const told = { usableHere: [view], holder: "Inès M.", reason: "EXPIRED" };
    bench.gateway.sales = [decline("BALANCE_EXHAUSTED", told)];
    const { terminal, reader } = await bench.open();
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(TAP);
    expect(await sale).toMatchObject({ outcome: "declined", moneyMoved: "no", ...told });
  });
});

describe("a QR code", () => {
  const sign = (signedBy: "issuer" | "stranger") => {
    return { kind: "qr", text: qrText({ signedBy }) } as const;
  };

  it("is sent with the PIN block that the pad made for its card number", async () => {
    const { pad, requests } = pinPad({ ok: true, pinBlock: PIN_BLOCK });
    const { terminal, reader } = await bench.open({ pinPad: pad });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(sign("issuer"));
    expect(await sale).toMatchObject({ outcome: "approved" });
    expect(requests).toMatchObject([
      { cardNumber: CARD_NUMBER, prompt: [expect.any(String), "18,00 EUR"] },
    ]);
    expect(bench.gateway.sentTo("/v1/authorizations")[0]?.body["evidence"]).toEqual({
      type: "qr",
      token: sign("issuer").text,
      pinBlock: PIN_BLOCK,
    });
  });

  it.each([
    ["of another issuer", sign("stranger")],
    ["of another programme", { kind: "qr", text: "https://example.org/menu" } as const],
  ])("%s never prompts, and the readers go on", async (_case, presented) => {
    const { pad, requests } = pinPad({ ok: true, pinBlock: PIN_BLOCK });
    const { terminal, reader, seen } = await bench.open({ pinPad: pad });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(presented);
    expect(await seen("readRefused")).toMatchObject({ code: "QR_INVALID" });
    expect(reader.armed).toBe(true);
    reader.present(TAP);
    await sale;
    expect(requests).toEqual([]);
  });

  it("that is a bare card number counts only where the gateway says that such cards are in circulation", async () => {
    const { pad, requests } = pinPad({ ok: true, pinBlock: PIN_BLOCK });
    const { terminal, reader, seen } = await bench.open({ pinPad: pad });
    const bare = { kind: "qr", text: CARD_NUMBER } as const;
    const refused = terminal.sell(SALE);
    (await reader.whenArmed()).present(bare);
    expect(await seen("readRefused")).toMatchObject({ code: "QR_INVALID" });
    reader.present(TAP);
    await refused;
    expect(requests).toEqual([]);

    const presentations = { nfcIdentifier: false, qrNumber: true };
    bench.gateway.profile = answer({ ...PROFILE, presentations });
    await terminal.profile();
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(bare);
    expect(await sale).toMatchObject({ outcome: "approved" });
    expect(requests).toMatchObject([{ cardNumber: CARD_NUMBER }]);
  });

  it.each([
    ["the holder gives up", { ok: false, reason: "cancelled" } as const, "PIN_CANCELLED"],
    [
      "the pad fails",
      { ok: false, reason: "failed", detail: "no key" } as const,
      "PIN_BLOCK_INVALID",
    ],
  ])("sends nothing when %s", async (_case, pinResult, code) => {
    const { terminal, reader } = await bench.open({ pinPad: pinPad(pinResult).pad });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(sign("issuer"));
    expect(await sale).toMatchObject({ outcome: "declined", code, moneyMoved: "no" });
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
  });

  it("never shows what a failing pad threw, which could hold digits", async () => {
    const pad: PinPad = {
      name: "leaking pad",
      requestPin: () => Promise.reject(new Error("cannot encrypt 4821")),
      close: async () => undefined,
    };
    const { terminal, reader, events } = await bench.open({ pinPad: pad });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(sign("issuer"));
    const result = await sale;
    expect(result).toMatchObject({ outcome: "declined", code: "PIN_BLOCK_INVALID" });
    expect(showsPin(JSON.stringify([result, events]), "4821")).toBe(false);
  });

  it("is checked with the keys that came while the readers waited", async () => {
    const { pad } = pinPad({ ok: true, pinBlock: PIN_BLOCK });
    bench.gateway.profile = answer({ ...PROFILE, qrKeys: [] });
    const { terminal, reader } = await bench.open({ pinPad: pad });
    const { promise: rotated, resolve: send } = deferred<() => void>();
    bench.gateway.profile = (received, response) => send(() => answer(PROFILE)(received, response));
    const sale = terminal.sell(SALE);
    await reader.whenArmed();
    (await rotated)();
    await terminal.profile();
    reader.present(sign("issuer"));
    expect(await sale).toMatchObject({ outcome: "approved" });
  });

  it("passes on nothing of what a pad throws, which may hold what was typed", async () => {
    const pad: PinPad = {
      name: "loud pad",
      requestPin: () => Promise.reject(new Error("PIN was 1470")),
      close: async () => undefined,
    };
    const { terminal, reader, events } = await bench.open({ pinPad: pad });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(sign("issuer"));
    const result = await sale;
    expect(result).toMatchObject({ outcome: "declined", code: "PIN_BLOCK_INVALID" });
    expect(showsPin(JSON.stringify([result, events]), "1470")).toBe(false);
  });

  it("gives up when nobody types in time, even if the pad overlooks its signal", async () => {
    const pad: PinPad = {
      name: "deaf pad",
      requestPin: () => new Promise(() => undefined),
      close: async () => undefined,
    };
    const { terminal, reader } = await bench.open({ pinPad: pad, deadlines: { pinMs: 20 } });
    const sale = terminal.sell(SALE);
    (await reader.whenArmed()).present(sign("issuer"));
    expect(await sale).toMatchObject({ outcome: "declined", code: "PIN_CANCELLED" });
  });
});

describe("what the terminal refuses by itself", () => {
  it.each([
    [{ avantage: "LICENCE", purchaseCents: 1800 }, "AVANTAGE_NOT_ACCEPTED_HERE"],
    [{ avantage: "SPECTACLE" }, "AMOUNT_INVALID"],
    [{ avantage: "SPECTACLE", purchaseCents: 0 }, "AMOUNT_INVALID"],
    [{ avantage: "SPECTACLE", purchaseCents: -1 }, "AMOUNT_INVALID"],
    [{ avantage: "SPECTACLE", purchaseCents: 18.5 }, "AMOUNT_INVALID"],
    [{ avantage: "SPECTACLE", purchaseCents: 100_001 }, "AMOUNT_INVALID"],
    [{ avantage: "CINEMA" }, "QUANTITY_INVALID"],
    [{ avantage: "CINEMA", quantity: 0 }, "QUANTITY_INVALID"],
    [{ avantage: "CINEMA", quantity: 21 }, "QUANTITY_INVALID"],
  ])("%o is %s before any reader is armed", async (request, code) => {
    const { terminal, events } = await bench.open();
    const result = await terminal.sell(request);
    expect(result).toMatchObject({ outcome: "declined", code, moneyMoved: "no" });
    expect(result.id).toBeUndefined();
    expect(events.map(({ type }) => type)).not.toContain("waitingForCard");
    expect(bench.gateway.sentTo("/v1/authorizations")).toEqual([]);
  });

  it("is a sale at which nobody presents a card", async () => {
    const { terminal, reader } = await bench.open({ deadlines: { readMs: 20 } });
    expect(await terminal.sell(SALE)).toMatchObject({ outcome: "declined", code: "NO_CARD" });
    expect(reader.armed).toBe(false);
  });

  it("is a sale for which no reader works", async () => {
    const absent = new FakeReader({ state: { status: "absent", reason: "unplugged" } });
    const { terminal, events } = await bench.open({ readers: [absent] });
    expect(await terminal.sell(SALE)).toMatchObject({
      code: "READER_UNAVAILABLE",
      actor: "device",
      detail: "fake: unplugged",
    });
    expect(JSON.stringify(events)).not.toContain("waitingForCard");
  });

  it("is a sale that is cancelled while the gateway is asked for the first time", async () => {
    bench.gateway.profile = problem(503, "MAINTENANCE");
    const { terminal } = await bench.open();
    const { promise: asked, resolve: ask } = deferred<void>();
    bench.gateway.profile = () => ask();
    const sale = terminal.sell(SALE);
    await asked;
    await terminal.cancel();
    expect(await sale).toMatchObject({ code: "SALE_CANCELLED", timings: { networkMs: 0 } });
    bench.gateway.profile = problem(503, "MAINTENANCE");
  });

  it("is a sale where another server answers, which the integrator must mend", async () => {
    bench.gateway.profile = (_received, response) => response.writeHead(404).end("<html>");
    const { terminal } = await bench.open();
    expect(await terminal.sell(SALE)).toMatchObject({
      code: "TERMINAL_AUTH_FAILED",
      actor: "integrator",
      moneyMoved: "no",
      detail: expect.stringContaining("correct `gateway`"),
    });
    await expect(terminal.profile()).rejects.toMatchObject({ code: "TERMINAL_AUTH_FAILED" });
  });

  it("is a sale where the gateway's port speaks no TLS", async () => {
    const { port } = new URL(bench.gateway.url);
    const terminal = await Terminal.open({
      gateway: `https://127.0.0.1:${port}`,
      journal: join(temporaryFolder(), "journal"),
      readers: [new FakeReader()],
    });
    expect(await terminal.sell(SALE)).toMatchObject({
      code: "TERMINAL_AUTH_FAILED",
      detail: expect.stringContaining("port"),
    });
    await terminal.close();
  });

  it("is a sale before the gateway was ever reached", async () => {
    await bench.gateway.stop();
    const { terminal, seen } = await bench.open();
    expect(await seen("connection")).toMatchObject({ state: "offline" });
    expect(await terminal.sell(SALE)).toMatchObject({ code: "UNREACHABLE", moneyMoved: "no" });
    await bench.gateway.listen();
  });
});

describe("what the gateway refuses", () => {
  it("comes with the reason, who acts, and what may be done", async () => {
    const available = { unit: "EUR_CENT", value: 500 };
    const proofRef = "A".repeat(22);
    bench.gateway.sales = [
      decline("INSUFFICIENT_BALANCE", { retry: "AMEND", available, proofRef }),
    ];
    const made = await bench.open();
    expect(await bench.sellByTap(made)).toMatchObject({
      outcome: "declined",
      code: "INSUFFICIENT_BALANCE",
      retry: "AMEND",
      available,
      proofRef,
    });
    bench.gateway.sales = [approve];
    const again = await made.terminal.sell({ ...SALE, purchaseCents: 500, proofRef });
    expect(again).toMatchObject({ outcome: "approved" });
    expect(bench.gateway.sentTo("/v1/authorizations")[1]?.body["evidence"]).toEqual({
      type: "proofRef",
      proofRef,
    });
  });

  it("with a code newer than this version keeps its words and is a decline", async () => {
    const given = { outcome: "declined", iso39: "57", retry: "PERHAPS", newField: 1 };
    bench.gateway.sales = [
      (received, response) => {
        const body = decision(String(received.body["id"]), "FUTURE_RULE", given);
        answer({ ...body, avantage: "SPECTACLE" })(received, response);
      },
    ];
    expect(await bench.sellByTap(await bench.open())).toMatchObject({
      outcome: "declined",
      code: "FUTURE_RULE",
      retry: "NO",
      display: ["LIGNE 1", "LIGNE 2"],
    });
  });

  it.each([
    [400, "FORMAT_ERROR"],
    [401, "TERMINAL_AUTH_FAILED"],
    [403, "TERMINAL_NOT_AUTHORISED"],
    [409, "DUPLICATE_CONFLICT"],
  ] as const)("with %i %s at the first try moved nothing", async (status, code) => {
    bench.gateway.sales = [problem(status, code)];
    const made = await bench.open();
    expect(await bench.sellByTap(made)).toMatchObject({
      outcome: "declined",
      code,
      moneyMoved: "no",
    });
    expect(bench.gateway.sentTo("/reversal")).toEqual([]);
  });
});
