// The write-ahead log is folded back while sales run: it stays small, and no sale runs out of its time meanwhile.

import { statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawTill } from "../codes/raw-till.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { startTestGateway, type TestGateway } from "../support/running-gateway.js";

const SALES = 600;
const AT_ONCE = 30;
const DEADLINE_MS = 4_000;
const MIB = 1024 * 1024;
/** SQLite folds it back beyond 1,000 pages, 4 MiB; one commit of the store may come on top. */
const LOG_BYTES_MAX = 8 * MIB;

let running: TestGateway;
beforeAll(async () => {
  running = await startTestGateway({ limits: null });
});
afterAll(() => running.stop());

test("a log that is folded back in mid-load stays bounded, and every sale is decided within its deadline", {
  timeout: 60_000,
}, async () => {
  const { gateway, dataFolder } = running;
  const till = rawTill(gateway.url, await running.terminal("T-WAL"));
  const card = await running.card({ grants: { SPECTACLE: SALES } });
  const log = join(dataFolder, "gateway.db-wal");
  const database = join(dataFolder, "gateway.db");
  const sizeBefore = statSync(database).size;
  let largest = 0;
  const sell = () =>
    till.sell({
      evidence: nfcEvidence(gateway, card),
      avantage: "SPECTACLE",
      purchaseCents: 1,
      deadlineMs: DEADLINE_MS,
    });
  for (let made = 0; made < SALES; made += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, sell));
    for (const { body } of answers) expect(body).toMatchObject({ code: "APPROVED" });
    largest = Math.max(largest, statSync(log).size);
  }
  till.close();
  expect(largest).toBeLessThan(LOG_BYTES_MAX);
  // It was folded back at least once: what was sold is in the database itself.
  expect(statSync(database).size - sizeBefore).toBeGreaterThan(0);
});
