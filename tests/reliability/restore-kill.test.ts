// Kills the gateway in mid-load while it archives: what the archive restores is what was committed, up to an instant.

import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFilling } from "../../gateway/src/archive/filling.js";
import { fillingsIn } from "../../gateway/src/archive/folder.js";
import { continuesAt } from "../../gateway/src/archive/log-reader.js";
import { pathsOfArchive } from "../../gateway/src/archive/paths.js";
import { printedSeed, seededRandom } from "../support/random.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { basesOf, copyOf, ledgerIn, linesIn, restoredLedger, scratchFolder } from "./archived.js";
import { startGatewayProcess } from "./gateway-process.js";
import { saleMaker } from "./sales.js";
import { scratchGateway } from "./scratch-gateway.js";

const LIVES = 3;
const TILLS = 4;
const TIMEOUT_MS = 240_000;

interface Acknowledged {
  readonly id: string;
  /** By this machine's clock, which is the gateway's too. */
  readonly atMs: number;
}

test(
  "every sale that was acknowledged before it was archived is restored, nothing half, nothing else",
  async () => {
    const { seed } = printedSeed("restore after kills", 1);
    const random = seededRandom(seed);
    const shop = await scratchGateway(async (gateway) =>
      Promise.all(
        Array.from({ length: TILLS }, async () => {
          const own = await gateway.card({ grants: { SPECTACLE: 1_000_000 } });
          const customers = { own, shared: own, attacked: [own] };
          return { customers, credentials: await gateway.terminal() };
        }),
      ),
    );
    onTestFinished(shop.remove);
    const archive = join(scratchFolder(), "archive");
    const acknowledged: Acknowledged[] = [];
    let restoredSales = 0;
    let brokenChains = 0;
    for (let life = 0; life < LIVES; life += 1) {
      const process = await startGatewayProcess({ ...shop, archive });
      onTestFinished(process.kill);
      const url = `${process.url}/v1/authorizations`;
      const tills = shop.content.map(async (till, index) => {
        const agent = agentFor(till.credentials);
        const nextSale = saleMaker({ ...till, gateway: shop.loaded, seed: seed + index + life });
        try {
          for (;;) {
            const sale = nextSale();
            await postJson({ agent, url, body: sale });
            acknowledged.push({ id: sale.id, atMs: Date.now() });
          }
        } catch {
          // The process was killed: this sale is in doubt, and nobody was told of it.
        } finally {
          agent.destroy();
        }
      });
      const before = linesIn(archive).length;
      const [some = 0] = random.bytes(1);
      // Somewhere between two runs of the archive, or in one.
      await untilLines(archive, before + 2);
      const count = acknowledged.length + 5 + (some % 40);
      while (acknowledged.length < count) await new Promise((resolve) => setImmediate(resolve));
      process.kill();
      await process.ended;
      await Promise.all(tills);

      if (!goesOn(join(shop.dataFolder, "gateway.db-wal"), archive)) brokenChains += 1;
      const killed = join(scratchFolder(), "data");
      cpSync(shop.dataFolder, killed, { recursive: true });
      const live = await ledgerIn(killed);
      const { data, reachedMs, stopped } = restoredLedger(copyOf(archive));
      const restored = await ledgerIn(data);
      expect(stopped).toBeNull();
      expect(restored.attempts).toEqual(live.attempts.slice(0, restored.attempts.length));
      expect(restored.entries).toEqual(live.entries.slice(0, restored.entries.length));
      const ids = new Set(restored.attempts.map(({ id }) => id));
      const missing = acknowledged.filter(({ id, atMs }) => atMs < reachedMs && !ids.has(id));
      expect(missing).toEqual([]);
      expect(restored.attempts.length).toBeGreaterThan(restoredSales);
      restoredSales = restored.attempts.length;
    }
    // Each life goes on where the archive of the one before ended, unless the log that the kill left no longer holds that place.
    expect(basesOf(archive).length).toBeLessThanOrEqual(1 + brokenChains);
    console.info(`restored ${restoredSales} of ${acknowledged.length} acknowledged sales`);
  },
  TIMEOUT_MS,
);

/** Whether the log still holds the place at which the archive ends. */
function goesOn(logPath: string, archive: string): boolean {
  const paths = pathsOfArchive(archive);
  const filling = readFilling(paths, fillingsIn(paths).at(-1) ?? 0);
  return filling !== null && continuesAt(logPath, filling.place);
}

async function untilLines(archive: string, count: number): Promise<void> {
  while (basesOf(archive).length === 0 || linesIn(archive).length < count) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
