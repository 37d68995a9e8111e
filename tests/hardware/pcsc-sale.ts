// Whole sales by tap: real PC/SC service, real nfc-pcsc, SDK, mutual TLS, gateway, SQLite on disk.

import {
  createVirtualCard,
  type PcscService,
  type VirtualCard,
  type VpcdReader,
  vpcdReader,
} from "@pass-tpe/simulators";
import { pcscReader } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { openTill, type TestTill } from "../support/till.js";

/** Declares the suite. @param service the one that runs already: one test file owns it. */
export function describeSaleByTap(service: () => PcscService): void {
  let vpcd: VpcdReader;
  let running: TestGateway;
  let till: TestTill;
  let card: TestCard;
  let chip: VirtualCard;

  beforeAll(async () => {
    vpcd = vpcdReader(service());
    running = await startTestGateway();
    card = await running.card();
    const keys = running.gateway.operator.cardKeys(card.uid);
    chip = createVirtualCard({ profile: "sdm", uid: card.uid, keys });
    till = await openTill(running, [pcscReader()]);
  });

  afterAll(async () => {
    await vpcd.remove();
    await till.close();
    await running.stop();
  });

  it("approves a tap without asking for a PIN, and the debit is on disk", async () => {
    const sale = till.terminal.sell({ avantage: "SPECTACLE", purchaseCents: 1_800 });
    await vpcd.insert(chip);
    expect(await sale).toMatchObject({
      outcome: "approved",
      code: "APPROVED",
      amountCents: 1_800,
      remaining: { unit: "EUR_CENT", value: 1_200 },
      holder: "Inès M.",
      receipt: { cardLastFour: card.cardNumber.slice(-4), channel: "NFC" },
    });
    await vpcd.remove();
    expect(till.events.map((event) => event.type)).not.toContain("pinRequested");
    await running.restart();
    const report = await running.gateway.operator.verify();
    expect(report).toMatchObject({ approved: 1, entries: 1, faults: [] });
    expect(report.debited).toEqual({ EUR_CENT: 1_800 });
  });

  it("refuses a phone with a readable line, is ready again, and takes the card", async () => {
    // Another gateway has taken the port since the restart: a till of its own.
    const own = await openTill(running, [pcscReader()]);
    const sale = own.terminal.sell({ avantage: "CINEMA", quantity: 2 });
    const refused = own.next("readRefused");
    await vpcd.insert(createVirtualCard({ profile: "phone" }));
    expect(await refused).toMatchObject({ code: "NOT_A_PASS_CARD" });
    await vpcd.remove();
    await vpcd.insert(chip);
    expect(await sale).toMatchObject({ outcome: "approved", quantity: 2, collectCents: 200 });
    await vpcd.remove();
    await own.close();
  });
}
