// A scenario played at a till: a card that is torn off in mid-read, and the sale that goes on.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terminal } from "@pass-tpe/terminal-sdk";
import { setupServer } from "msw/node";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gatewayDouble } from "./gateway-double/index.js";
import { simulatedReader } from "./readers/index.js";
import { playScenario } from "./scenario.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pass-tpe-scenario-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a card removed in mid-read is refused readably, and the next tap is approved", async () => {
  const double = gatewayDouble();
  const server = setupServer(...double.handlers);
  server.listen({ onUnhandledRequest: "error" });
  // A command ends when the scenario says so: the card is gone before its first answer.
  const waiting: (() => void)[] = [];
  const delay = () => new Promise<void>((resolve) => waiting.push(resolve));
  const reader = simulatedReader({ apduMs: 20, delay });
  const journal = join(folder, "journal");
  const terminal = await Terminal.open({ gateway: double.url, journal, readers: [reader] });
  const refused: string[] = [];
  terminal.on("readRefused", ({ code }) => refused.push(code));
  const sale = terminal.sell({ avantage: "SPECTACLE", purchaseCents: 1_800 });
  await new Promise<void>((resolve) => terminal.on("waitingForCard", () => resolve()));
  const card = double.demoCard.nfc;
  const answerAll = setInterval(() => {
    for (const answer of waiting.splice(0)) answer();
  }, 20);
  await playScenario({
    stage: reader,
    steps: [
      { atMs: 0, do: "tap", card },
      { atMs: 1, do: "remove" },
      { atMs: 100, do: "tap", card },
    ],
  });
  expect(await sale).toMatchObject({ outcome: "approved", amountCents: 1_800 });
  expect(refused).toEqual(["CARD_UNREADABLE"]);
  clearInterval(answerAll);
  await terminal.close();
  server.close();
});
