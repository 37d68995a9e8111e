// A database that is restored to an earlier state under running gateways: each stops, and none starts before a gap is opened.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { LedgerWentBackError } from "../../gateway/src/store/failures.js";
import { rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { connectTo } from "../support/postgres/connect.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import type { TestGateway } from "../support/running-gateway.js";
import { describeSystem } from "../support/suites.js";

/** Far longer than it takes on a busy machine. */
const WAIT = { timeout: 20_000, interval: 50 };
vi.setConfig({ testTimeout: 60_000 });

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_000 };

describeSystem("postgres")("a database that goes back in time under a gateway", () => {
  const postgres = testPostgres();
  const folders = keyFolders();

  /** A database that can be taken back to how it was. */
  async function timeMachine() {
    const { url } = await postgres.database();
    const name = new URL(url).pathname.slice(1);
    const elsewhere = new URL(url);
    elsewhere.pathname = "/postgres";
    const server = await connectTo(elsewhere.href);
    const close = async (database: string) => {
      await server.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS false`);
      await server.query(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
        [database],
      );
    };
    const open = (database: string) =>
      server.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`);
    return {
      url,
      async keep() {
        await close(name);
        await server.query(`CREATE DATABASE ${name}_kept TEMPLATE ${name}`);
        await open(name);
      },
      async goBack() {
        await close(name);
        await server.query(`ALTER DATABASE ${name} RENAME TO ${name}_lost`);
        await server.query(`ALTER DATABASE ${name}_kept RENAME TO ${name}`);
        await open(name);
      },
    };
  }

  const headsIn = (folder: string): number[] =>
    readFileSync(join(folder, "heads.ndjson"), "utf8")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line).no]));

  async function sold(it: TestGateway): Promise<void> {
    const till = rawTill(it.gateway.url, await it.terminal());
    const { cardNumber } = await it.card();
    const evidence = {
      type: "qr",
      token: it.gateway.operator.qrToken({ kind: "printed", cardNumber }),
    } as const;
    const pinBlock = till.pinBlock(cardNumber, "4821");
    const { body } = await till.sell({ ...SALE, evidence: { ...evidence, pinBlock } });
    till.close();
    expect(body).toMatchObject({ code: "APPROVED" });
  }

  it("is noticed by all of them where a head of what is lost was exported, and no head goes out after it", async () => {
    const { url, keep, goBack } = await timeMachine();
    const dataFolder = folders.fresh();
    const besides = () => folders.besides(dataFolder);
    const [atSealing, atIdle] = [vi.fn(), vi.fn()];
    const sealing = { dataFolder, sealEveryMs: 50, onDoubt: atSealing };
    const first = await startOnPostgres(url, sealing);
    await keep();
    const before = headsIn(dataFolder).at(-1) ?? 0;
    await vi.waitFor(() => sold(first), WAIT);
    await vi.waitFor(() => expect(headsIn(dataFolder).at(-1)).toBeGreaterThan(before), WAIT);
    const idle = await startOnPostgres(url, { dataFolder: besides(), onDoubt: atIdle });
    await goBack();
    for (const onDoubt of [atSealing, atIdle]) {
      await vi.waitFor(() => expect(onDoubt).toHaveBeenCalledTimes(1), WAIT);
      expect(onDoubt.mock.calls[0]?.[0]).toBeInstanceOf(LedgerWentBackError);
    }
    for (const { gateway } of [first, idle]) await gateway.close().catch(() => undefined);
    const numbers = headsIn(dataFolder);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    await expect(startOnPostgres(url, { dataFolder })).rejects.toThrow(/is not as it was/);
  });

  it("that sealed nothing of what is lost is stopped at its next commit, and its next start is refused", async () => {
    const { url, keep, goBack } = await timeMachine();
    const dataFolder = folders.fresh();
    const onDoubt = vi.fn();
    const running = await startOnPostgres(url, { dataFolder, sealEveryMs: 3_600_000, onDoubt });
    await keep();
    await vi.waitFor(() => sold(running), WAIT);
    await goBack();
    await vi.waitFor(async () => {
      await running.card().catch(() => undefined);
      expect(onDoubt).toHaveBeenCalledTimes(1);
    }, WAIT);
    await running.gateway.close().catch(() => undefined);
    await expect(startOnPostgres(url, { dataFolder })).rejects.toThrow(
      /is not as it was: .*went-back\.json.*pass-tpe gap open/,
    );
  });
});
