// A gateway's data folder with its programme beside it, loaded and closed again, ready for a process to serve it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Gateway, VerifyReport } from "@pass-tpe/gateway";
import type { AttemptRow, EntryRow, LedgerCard, Rows } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { programmeAround, startTestGateway, type TestGateway } from "../support/running-gateway.js";

/** Everything that is stored, in memory: the tests' ledgers are small. */
export interface LedgerRows {
  readonly attempts: readonly AttemptRow[];
  readonly entries: readonly EntryRow[];
  readonly cards: readonly LedgerCard[];
}

export interface ScratchGateway<T> {
  readonly dataFolder: string;
  readonly programmeFile: string;
  /** The gateway that was loaded; it is closed, and still makes the evidence of its cards. */
  readonly loaded: Gateway;
  readonly content: T;
  /** Everything that is stored. No process may hold the folder. */
  ledger(): Promise<LedgerRows>;
  /** What the operator's own check says. No process may hold the folder. */
  verify(): Promise<VerifyReport>;
  remove(): void;
}

/** Makes a folder in another, and loads it through a gateway in this process. */
export async function scratchGateway<T>(
  load: (gateway: TestGateway) => Promise<T>,
  parent: string = tmpdir(),
): Promise<ScratchGateway<T>> {
  const folder = mkdtempSync(join(parent, "pass-tpe-process-"));
  const dataFolder = join(folder, "data");
  const programmeFile = join(folder, "programme.json");
  const programme = programmeAround(Date.now());
  writeFileSync(programmeFile, JSON.stringify(programme));
  const test = await startTestGateway({ dataFolder, programme });
  const content = await load(test);
  const loaded = test.gateway;
  await loaded.close();
  return {
    dataFolder,
    programmeFile,
    loaded,
    content,
    async ledger() {
      const driver = sqliteDriver(join(dataFolder, "gateway.db"));
      const ledger = driver.ledger();
      const rows = {
        attempts: (await collect(ledger.attempts())).map(({ attempt }) => attempt),
        entries: await collect(ledger.entries()),
        cards: await collect(ledger.cards()),
      };
      await driver.close();
      return rows;
    },
    async verify() {
      const { gateway } = await startTestGateway({ dataFolder, programme });
      const report = await gateway.operator.verify();
      await gateway.close();
      return report;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function collect<T>(rows: Rows<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}
