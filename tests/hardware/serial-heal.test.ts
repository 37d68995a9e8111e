// A whole till on a real pseudo-terminal whose device goes and comes back: before a sale, and in the middle of one.

import { openSerialScanner, type SerialScanner } from "@pass-tpe/simulators";
import { type ReaderState, serialQrReader } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestGateway, TEST_PIN, type TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";
import { openTill, type TestTill } from "../support/till.js";

describeSystem("serial")("a till whose scanner is unplugged", () => {
  let running: TestGateway;
  let scanner: SerialScanner;
  let till: TestTill;
  let code: string;

  beforeAll(async () => {
    running = await startTestGateway();
    const card = await running.card();
    code = running.gateway.operator.qrToken({ kind: "printed", cardNumber: card.cardNumber });
    scanner = await openSerialScanner();
    till = await openTill(running, [serialQrReader({ path: scanner.path })]);
  });
  afterAll(async () => {
    await till.close();
    await scanner.close();
    await running.stop();
  });

  const becomes = async (status: ReaderState["status"]): Promise<ReaderState> => {
    for (;;) {
      const { state } = await till.next("reader");
      if (state.status === status) return state;
    }
  };
  const sell = () => till.terminal.sell({ avantage: "LIVRES_LOISIR", purchaseCents: 100 });

  it("says so with what to do, refuses to sell, and sells once it is back", async () => {
    const gone = becomes("absent");
    await scanner.unplug();
    const { reason } = (await gone) as Extract<ReaderState, { status: "absent" }>;
    expect(reason).toContain("plug the scanner in");
    expect(await sell()).toMatchObject({ code: "READER_UNAVAILABLE", moneyMoved: "no" });
    const back = becomes("ready");
    await scanner.plug();
    await back;
    till.typed.push(TEST_PIN);
    const sale = sell();
    await till.next("waitingForCard");
    await scanner.scan(code);
    expect(await sale).toMatchObject({ outcome: "approved" });
  }, 30_000);

  it("goes on with a sale that waits, where it is back soon", async () => {
    till.typed.push(TEST_PIN);
    const sale = sell();
    await till.next("waitingForCard");
    const gone = becomes("absent");
    await scanner.unplug();
    await gone;
    const back = becomes("ready");
    await scanner.plug();
    await back;
    await scanner.scan(code);
    expect(await sale).toMatchObject({ outcome: "approved" });
  }, 30_000);
});
