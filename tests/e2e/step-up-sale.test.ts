// A tap above its card's ceiling from the reader to the ledger: the SDK, its software pad and the real gateway.

import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestGateway, TEST_PIN, type TestGateway } from "../support/running-gateway.js";
import { openTill, type TestTill } from "../support/till.js";

const SALE = { avantage: "SPECTACLE", purchaseCents: 4_000 };

let running: TestGateway;
let till: TestTill;
const reader = simulatedReader({ identifierCards: true });

beforeAll(async () => {
  running = await startTestGateway();
  till = await openTill(running, [reader]);
  const { uid } = await running.card({ generation: "ID-1", grants: { SPECTACLE: 9_000 } });
  reader.tap(createVirtualCard({ profile: "identifier", uid }));
});
afterAll(async () => {
  await till.close();
  await running.stop();
});

test("a wrong code secret declines it, the right one takes the whole", async () => {
  till.typed.push("0000", TEST_PIN);
  const wrong = await till.terminal.sell(SALE);
  expect(wrong).toMatchObject({ outcome: "declined", code: "PIN_INCORRECT" });
  const { uid } = await running.card({ generation: "ID-1", grants: { SPECTACLE: 9_000 } });
  reader.remove();
  reader.tap(createVirtualCard({ profile: "identifier", uid }));
  const sold = await till.terminal.sell(SALE);
  expect(sold).toMatchObject({
    outcome: "approved",
    amountCents: 4_000,
    receipt: { channel: "NFC" },
  });
  expect(await till.terminal.status(sold.stepUpOf ?? "")).toMatchObject({ state: "declined" });
  expect(await till.terminal.closeDay()).toMatchObject({ reconciliation: { agreed: true } });
});
