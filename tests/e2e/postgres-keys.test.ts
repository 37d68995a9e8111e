// Keys of several gateways on one PostgreSQL: rotated in one folder, heard of at the others, and read there without a start.

import { cpSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { keys } from "../../gateway/src/cli/keys.js";
import { rawTill } from "../codes/raw-till.js";
import { keyFolders, startOnPostgres } from "../support/gateways-on-postgres.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { TEST_PIN, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";
import { describeSystem } from "../support/suites.js";
import { tempFiles } from "../support/temp-folder.js";

const SALE = { avantage: "SPECTACLE", purchaseCents: 1_000 };

describeSystem("postgres")("keys of two gateways on one database", () => {
  const postgres = testPostgres({ isDurable: true });
  const folders = keyFolders();
  const newFile = tempFiles();
  let [url, atA, atB, storeKey]: string[] = [];
  let [a, b]: TestGateway[] = [];
  const at = <T>(it: T | undefined): T => {
    if (it === undefined) throw new Error("the gateways have not started");
    return it;
  };
  const run = (folder: string, ...words: readonly string[]) =>
    keys.run([...words, "--data", folder, "--store-key", at(storeKey), "--database", at(url)]);

  beforeAll(async () => {
    ({ url } = await postgres.database());
    atA = folders.fresh();
    storeKey = storeKeyFile(dirname(newFile()));
    a = await startOnPostgres(url, { dataFolder: atA });
    atB = folders.besides(atA);
    b = await startOnPostgres(url, { dataFolder: atB });
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockReturnValue(true);
    }
  });
  afterAll(async () => {
    await a?.stop();
    await b?.stop();
  });

  it("a PIN under a new pepper waits at a gateway that has not got it: no try is used up", async () => {
    const rotating = folders.besides(at(atA));
    expect(await run(rotating, "rotate", "pepper")).toBe(0);
    cpSync(join(rotating, "keys.json"), join(at(atA), "keys.json"));
    await at(a).restart();
    const till = rawTill(at(b).gateway.url, await at(a).terminal());
    const card = await at(a).card();
    const pay = (it: TestCard, pin: string) => {
      const { cardNumber } = it;
      const pinBlock = till.pinBlock(cardNumber, pin);
      return till.sell({ ...SALE, evidence: { type: "keyed", cardNumber, pinBlock } });
    };
    for (const pin of ["1357", TEST_PIN, TEST_PIN, TEST_PIN]) {
      const { status, body } = await pay(card, pin);
      expect([status, body["code"]]).toEqual([503, "MAINTENANCE"]);
    }
    expect((await fetch(`${at(b).gateway.healthUrl}/readyz`)).status).toBe(503);
    cpSync(join(rotating, "keys.json"), join(at(atB), "keys.json"));
    await vi.waitFor(
      async () => expect((await fetch(`${at(b).gateway.healthUrl}/readyz`)).status).toBe(200),
      { timeout: 30_000, interval: 100 },
    );
    // A wrong one leaves two tries, as if none had been made.
    expect((await pay(card, "1357")).body).toMatchObject({ code: "PIN_INCORRECT" });
    expect((await pay(card, TEST_PIN)).body).toMatchObject({ outcome: "approved" });
    till.close();
  });

  it("two rotations at once leave one new version, and the other is told to take its file", async () => {
    const [one, other] = [folders.besides(at(atA)), folders.besides(at(atA))];
    const ended = await Promise.allSettled([run(one, "rotate", "qr"), run(other, "rotate", "qr")]);
    const reasons = ended.flatMap((it) => (it.status === "rejected" ? [String(it.reason)] : []));
    expect(reasons).toEqual([
      expect.stringMatching(/is older than the PostgreSQL.*lacks qr 2.*Restore the newest/),
    ]);
    const won = ended[0]?.status === "fulfilled" ? one : other;
    expect(await run(won, "list")).toBe(0);
    await expect(run(won === one ? other : one, "list")).rejects.toThrow(/lacks qr 2/);
  });
});
