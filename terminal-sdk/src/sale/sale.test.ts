import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PinPad, PinRequest } from "../pin/pad.js";
import { SALE, TerminalBench } from "../test-kit/bench.js";
import { answer, approve, decision, decline, problem } from "../test-kit/fake-gateway.js";
import { FakeReader, TAP } from "../test-kit/fake-reader.js";
import { CARD_NUMBER, qrText } from "../test-kit/fixtures.js";

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
    const { terminal } = await bench.open({ readers: [absent] });
    expect(await terminal.sell(SALE)).toMatchObject({
      code: "READER_UNAVAILABLE",
      actor: "device",
    });
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
