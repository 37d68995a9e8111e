// A database that goes away under a gateway that serves: sales are answered as retryable, nothing is lost, and they go on by themselves.

import { createVirtualCard, simulatedReader } from "@pass-tpe/simulators";
import { Client } from "pg";
import { expect, it, onTestFinished, vi } from "vitest";
import { type RawTill, rawTill } from "../codes/raw-till.js";
import { IN_TESTS, keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { type StatementProxy, startStatementProxy } from "../support/postgres/statement-proxy.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import type { TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";
import { openTill } from "../support/till.js";

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_000 };
const COMMIT = /^COMMIT/;
/** Readiness is looked at every second. */
const SOON = { timeout: 10_000, interval: 50 };

describeSystem("postgres")("a gateway whose database goes away", () => {
  const postgres = testPostgres();
  const folders = keyFolders();

  async function open(): Promise<{ proxy: StatementProxy; running: TestGateway; till: RawTill }> {
    const proxy = await startStatementProxy(await postgres.database());
    const running = await startOnPostgres(proxy.url, { dataFolder: folders.fresh() });
    const till = rawTill(running.gateway.url, await running.terminal());
    onTestFinished(async () => {
      till.close();
      await running.stop();
      await proxy.close();
    });
    return { proxy, running, till };
  }

  async function readiness({ gateway }: TestGateway): Promise<string> {
    const answer = await fetch(`${gateway.healthUrl}/readyz`);
    return `${answer.status} ${await answer.text()}`;
  }

  it("answers sales as unavailable, says that it is not ready, and sells again by itself", async () => {
    const { proxy, running, till } = await open();
    const card = await running.card({ grants: { SPECTACLE: 1_000 } });
    const sale = { ...SALE, id: till.newId(), evidence: nfcEvidence(running.gateway, card) };
    await proxy.close();
    const refused = await till.sell(sale);
    expect(refused).toMatchObject({ status: 503, body: { retry: "SAMEKEY" } });
    await vi.waitFor(
      async () => expect(await readiness(running)).toMatch(/^503 not ready: .*database/),
      SOON,
    );
    await proxy.reopen();
    await vi.waitFor(async () => expect(await readiness(running)).toMatch(/^200/), SOON);
    expect((await till.sell(sale)).body).toMatchObject({ code: "APPROVED", amountCents: 1_000 });
    expect((await running.gateway.operator.verify()).faults).toEqual([]);
  });

  it("is not ready while a commit hangs, and is again once that was answered", async () => {
    const { proxy, running, till } = await open();
    const card = await running.card({ grants: { SPECTACLE: 1_000 } });
    const sale = { ...SALE, id: till.newId(), evidence: nfcEvidence(running.gateway, card) };
    const met = proxy.meet("holdBefore", COMMIT);
    const answer = till.sell(sale);
    const { release } = await met;
    await vi.waitFor(
      async () => expect(await readiness(running)).toMatch(/^503 not ready: a commit has waited/),
      SOON,
    );
    release();
    await answer;
    await vi.waitFor(async () => expect(await readiness(running)).toMatch(/^200/), SOON);
    expect((await till.sell(sale)).body).toMatchObject({ code: "APPROVED", amountCents: 1_000 });
  });

  it("makes a sale once whose commit was answered to nobody", async () => {
    const { proxy, running, till } = await open();
    const card = await running.card({ grants: { SPECTACLE: 1_000 } });
    const sale = { ...SALE, id: till.newId(), evidence: nfcEvidence(running.gateway, card) };
    const met = proxy.meet("cutAfter", COMMIT);
    const answer = till.sell(sale);
    await met;
    expect((await answer).body).toMatchObject({ code: "APPROVED", amountCents: 1_000 });
    expect((await till.sell(sale)).body).toEqual((await answer).body);
    expect((await running.gateway.operator.verify()).faults).toEqual([]);
  });

  it("leaves till and ledger agreed on a sale that met the outage", async () => {
    const { proxy, running } = await open();
    const reader = simulatedReader({});
    const till = await openTill(running, [reader]);
    onTestFinished(() => till.close());
    const { uid } = await running.card({ grants: { SPECTACLE: 1_000 } });
    const keys = running.gateway.operator.cardKeys(uid);
    reader.tap(createVirtualCard({ profile: "sdm", uid, keys }));
    await proxy.close();
    const selling = till.terminal.sell(SALE);
    await vi.waitFor(async () => expect(await readiness(running)).toMatch(/^503/), SOON);
    await proxy.reopen();
    const { outcome } = await selling;
    // By whether the database was back before the customer's patience was over.
    expect(["approved", "unknown"]).toContain(outcome);
    expect(await till.terminal.closeDay()).toMatchObject({ reconciliation: { agreed: true } });
    expect((await running.gateway.operator.verify()).faults).toEqual([]);
  });

  it("answers as unavailable too while the server is one that must not be used", async () => {
    const { proxy, running, till } = await open();
    const card = await running.card({ grants: { SPECTACLE: 1_000 } });
    const sale = { ...SALE, id: till.newId(), evidence: nfcEvidence(running.gateway, card) };
    const client = new Client({ connectionString: proxy.url });
    // Whoever leaves it open here is told by the next query.
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query("SELECT current_database() AS name");
    const commits = (setting: string) =>
      client.query(`ALTER DATABASE ${rows[0].name} SET synchronous_commit = ${setting}`);
    await commits("off");
    await cutOthers(client);
    const refused = await till.sell(sale);
    expect(refused).toMatchObject({ status: 503, body: { retry: "SAMEKEY" } });
    await vi.waitFor(async () => expect(await readiness(running)).toMatch(/^503/), SOON);
    await commits("on");
    await client.end();
    await vi.waitFor(async () => expect(await readiness(running)).toMatch(/^200/), SOON);
    expect((await till.sell(sale)).body).toMatchObject({ code: "APPROVED" });
  });

  it("does not start while nobody listens, and leaves the folder free", async () => {
    const proxy = await startStatementProxy(await postgres.database());
    await proxy.close();
    const dataFolder = folders.fresh();
    await expect(startOnPostgres(proxy.url, { dataFolder })).rejects.toThrow(
      /nobody listens there\. Operator:/,
    );
    await proxy.reopen();
    const database = { url: proxy.url, ...IN_TESTS };
    const running = await startOnPostgres(proxy.url, { dataFolder, database });
    await running.stop();
    await proxy.close();
  });
});

/** Cuts every connection to a client's database but its own. */
async function cutOthers(client: Client): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
}
