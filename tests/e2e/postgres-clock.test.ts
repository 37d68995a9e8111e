// A gateway whose clock goes away from its database's: it is not ready, sells nothing, and does both again by itself.

import { expect, it, onTestFinished, vi } from "vitest";
import { rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { describeSystem } from "../support/suites.js";

/** Too far for a database, and too little for a jump of the clock by itself. */
const OFF_MS = 2_500;
/** It is looked at every second. */
const SOON = { timeout: 10_000, interval: 50 };

describeSystem("postgres")("a gateway whose clock is not its database's", () => {
  const postgres = testPostgres();
  const folders = keyFolders();

  it("is not ready and sells nothing until the clocks agree again", async () => {
    let offMs = 0;
    const clock = {
      nowMs: () => Date.now() + offMs,
      monotonicMs: () => performance.now(),
    };
    const { url } = await postgres.database();
    const running = await startOnPostgres(url, { dataFolder: folders.fresh(), clock });
    const till = rawTill(running.gateway.url, await running.terminal());
    onTestFinished(async () => {
      till.close();
      await running.stop();
    });
    const readiness = async () => {
      const answer = await fetch(`${running.gateway.healthUrl}/readyz`);
      return `${answer.status} ${await answer.text()}`;
    };
    const card = await running.card();
    const sale = () => ({
      avantage: "SPECTACLE",
      purchaseCents: 100,
      evidence: nfcEvidence(running.gateway, card),
    });
    expect(await readiness()).toMatch(/^200/);
    offMs = OFF_MS;
    await vi.waitFor(
      async () => expect(await readiness()).toMatch(/^503 .*2\.5 s ahead of its database's/),
      SOON,
    );
    const refused = await till.sell(sale());
    expect(refused).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining("Operator: set both") },
    });
    const metrics = await (await fetch(`${running.gateway.healthUrl}/metrics`)).text();
    expect(metrics).toContain('pass_tpe_closed{reason="databaseClock"} 1');
    offMs = 0;
    await vi.waitFor(async () => expect(await readiness()).toMatch(/^200/), SOON);
    expect((await till.sell(sale())).body).toMatchObject({ code: "APPROVED" });
  });
});
