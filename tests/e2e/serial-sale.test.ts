// Whole sales by scan: real pseudo-terminal, real serialport, PIN pad, SDK, mutual TLS, gateway, SQLite on disk.

import { openSerialScanner, type SerialScanner } from "@pass-tpe/simulators";
import { serialQrReader } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  startTestGateway,
  TEST_PIN,
  type TestCard,
  type TestGateway,
} from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";
import { openTill, type TestTill } from "../support/till.js";

describeSystem("serial")("a sale by QR code", () => {
  let running: TestGateway;
  let scanner: SerialScanner;
  let till: TestTill;
  let card: TestCard;
  let code: string;

  beforeAll(async () => {
    running = await startTestGateway();
    card = await running.card();
    code = running.gateway.operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
    scanner = await openSerialScanner();
    till = await openTill(running, [serialQrReader({ path: scanner.path })]);
  });

  afterAll(async () => {
    await till.close();
    await scanner.close();
    await running.stop();
  });

  const sell = () => till.terminal.sell({ avantage: "LIVRES_LOISIR", purchaseCents: 500 });

  it("asks for the PIN after the scan, and is approved", async () => {
    till.typed.push(TEST_PIN);
    const sale = sell();
    const prompted = till.next("pinRequested");
    await scanner.scan(code, { prefix: "]Q1", suffix: "\r\n" });
    await prompted;
    expect(await sale).toMatchObject({
      outcome: "approved",
      amountCents: 500,
      remaining: { unit: "EUR_CENT", value: 1_000 },
      receipt: { channel: "QR" },
    });
  });

  it("counts a wrong PIN, says how many tries are left, and the right one clears the count", async () => {
    for (const [digits, expected] of [
      ["0000", { outcome: "declined", code: "PIN_INCORRECT", moneyMoved: "no" }],
      ["1111", { outcome: "declined", code: "PIN_INCORRECT_LAST", moneyMoved: "no" }],
      [TEST_PIN, { outcome: "approved" }],
      ["0000", { outcome: "declined", code: "PIN_INCORRECT" }],
    ] as const) {
      till.typed.push(digits);
      const sale = sell();
      await till.next("waitingForCard");
      await scanner.scan(code);
      expect(await sale).toMatchObject(expected);
    }
  });

  it("never prompts for a code of another programme, and is ready again", async () => {
    const promptsBefore = till.events.filter((event) => event.type === "pinRequested").length;
    const sale = sell();
    await till.next("waitingForCard");
    const refused = till.next("readRefused");
    await scanner.scan("https://example.org/loyalty/4711");
    expect(await refused).toMatchObject({
      code: "QR_INVALID",
      display: ["QR CODE NON RECONNU", "VERIFIER LA CARTE"],
    });
    expect(till.events.filter((event) => event.type === "pinRequested").length).toBe(promptsBefore);
    till.typed.push(TEST_PIN);
    await scanner.scan(code);
    expect(await sale).toMatchObject({ outcome: "approved" });
  });

  it("refuses half a line, and takes the whole one after it", async () => {
    const sale = till.terminal.sell({ avantage: "CINEMA", quantity: 1 });
    await till.next("waitingForCard");
    const refused = till.next("readRefused");
    await scanner.scan(code.slice(0, 40), { suffix: "" });
    expect(await refused).toMatchObject({ code: "QR_INVALID" });
    till.typed.push(TEST_PIN);
    await scanner.scan(code);
    expect(await sale).toMatchObject({ outcome: "approved", quantity: 1 });
  });

  it("leaves a ledger without a fault", async () => {
    expect((await running.gateway.operator.verify()).faults).toEqual([]);
  });
});
