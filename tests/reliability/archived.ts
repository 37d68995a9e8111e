// A gateway that archives its ledger, with one till, and what the command line restores from its archive.

import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Agent as HttpsAgent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GatewayOptions, TerminalCredentials } from "@pass-tpe/gateway";
import { uuidV7 } from "@pass-tpe/protocol";
import { expect, onTestFinished, vi } from "vitest";
import { basesIn, fillingsIn } from "../../gateway/src/archive/folder.js";
import { readLines } from "../../gateway/src/archive/index-lines.js";
import { type Line, pathsOfArchive } from "../../gateway/src/archive/paths.js";
import { restoreArchive } from "../../gateway/src/archive/restore/restore.js";
import { VERIFY_OPTIONS } from "../../gateway/src/cli/prove.js";
import type { AttemptRow, EntryRow } from "../../gateway/src/store/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { checkIntegrity, replayLog } from "../../gateway/src/store/sqlite/replay-log.js";
import { verifyLedger } from "../../gateway/src/store/verify.js";
import { run } from "../operators/command-line.js";
import { collected } from "../support/ledger.js";
import { nfcEvidence } from "../support/nfc-evidence.js";
import { agentFor, postJson } from "../support/raw-client.js";
import { startTestGateway, type TestCard, type TestGateway } from "../support/running-gateway.js";
import { storeKeyFile } from "../support/store-key.js";

const PURCHASE_CENTS = 100;
const ARCHIVED_WITHIN_MS = 20_000;

/** A folder of this test, gone when it is over. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-archive-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface ArchivedShop {
  readonly running: TestGateway;
  readonly folder: string;
  readonly archive: string;
  readonly card: TestCard;
  readonly credentials: TerminalCredentials;
  /** Sells a show for a euro; the answer, whatever it is. */
  sell(): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** Resolves once everything that is committed is archived. */
  archived(): Promise<void>;
}

/** Starts a gateway with an archive. */
export async function archivedShop(options: Partial<GatewayOptions> = {}): Promise<ArchivedShop> {
  const folder = scratchFolder();
  const archive = options.archive?.folder ?? join(folder, "archive");
  const dataFolder = join(folder, "data");
  const running = await startTestGateway({ dataFolder, archive: { folder: archive }, ...options });
  onTestFinished(() => running.stop());
  const card = await running.card({ grants: { SPECTACLE: 1_000_000 } });
  const credentials = await running.terminal();
  const agent = agentFor(credentials);
  onTestFinished(() => agent.destroy());
  const shop = { running, card };
  return {
    ...{ running, folder, archive, card, credentials },
    sell: () => sellAt(shop, agent),
    archived: () => untilArchived({ running, archive }),
  };
}

export function sellAt(
  { running, card }: Pick<ArchivedShop, "running" | "card">,
  agent: HttpsAgent,
) {
  const id = uuidV7(Date.now(), randomBytes(10));
  const evidence = nfcEvidence(running.gateway, card);
  const body = { id, evidence, avantage: "SPECTACLE", purchaseCents: PURCHASE_CENTS };
  return postJson({ agent, url: `${running.gateway.url}/v1/authorizations`, body });
}

/** Every line of the archive's indexes, by filling. */
export function linesIn(archive: string): readonly (Line & { readonly filling: number })[] {
  const paths = pathsOfArchive(archive);
  return fillingsIn(paths).flatMap((filling) =>
    readLines(readFileSync(paths.index(filling), "utf8")).lines.map((line) => ({
      ...line,
      filling,
    })),
  );
}

export const basesOf = (archive: string) => basesIn(pathsOfArchive(archive));

/** A run of the archive that began after now has ended, and there is a base. */
export async function untilArchived({
  running,
  archive,
}: {
  readonly running: Pick<TestGateway, "gateway">;
  readonly archive: string;
}): Promise<void> {
  const fromMs = performance.now();
  await vi.waitFor(
    async () => {
      const nowMs = performance.now();
      const behindMs = await archiveBehindMs(running.gateway.healthUrl);
      if (!(behindMs <= nowMs - fromMs) || basesOf(archive).length === 0) {
        throw new Error(`the archive is ${behindMs} ms behind`);
      }
    },
    { timeout: ARCHIVED_WITHIN_MS, interval: 50 },
  );
}

/** What the gateway's metrics say. */
export async function archiveBehindMs(healthUrl: string): Promise<number> {
  const metrics = await (await fetch(`${healthUrl}/metrics`)).text();
  return 1_000 * Number(/^pass_tpe_archive_behind_seconds (\S+)$/m.exec(metrics)?.[1]);
}

export interface RestoredFolder {
  readonly code: number | null;
  readonly data: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pass-tpe restore` into a new folder, as an operator does. */
export async function restoreFrom(
  archive: string,
  ...args: readonly string[]
): Promise<RestoredFolder> {
  const folder = scratchFolder();
  const data = join(folder, "restored");
  const where = ["--archive", archive, "--data", data, "--store-key", storeKeyFile(folder)];
  return { data, ...(await run(["restore", ...where, "--json", ...args])) };
}

/** Restores the database alone, in this process. */
export function restoredLedger(archive: string, atMs: number | null = null) {
  const data = scratchFolder();
  const paths = { databasePath: join(data, "gateway.db"), keysPath: join(data, "keys.json") };
  const onProgress = () => undefined;
  const restored = restoreArchive({ folder: archive, ...paths, atMs, replayLog, onProgress });
  expect(checkIntegrity(paths.databasePath)).toEqual([]);
  return { ...restored, data };
}

export interface LedgerOf {
  readonly attempts: readonly AttemptRow[];
  readonly entries: readonly EntryRow[];
}

/** What a ledger holds that nobody has open, and that every balance in it adds up. */
export async function ledgerIn(dataFolder: string): Promise<LedgerOf> {
  const driver = sqliteDriver(join(dataFolder, "gateway.db"));
  try {
    const ledger = driver.ledger();
    const attempts = (await collected(ledger.attempts())).map(({ attempt }) => attempt);
    expect((await verifyLedger(ledger, VERIFY_OPTIONS)).faults).toEqual([]);
    return { attempts, entries: await collected(ledger.entries()) };
  } finally {
    await driver.close();
  }
}

/** A copy of an archive, to be damaged. */
export function copyOf(archive: string): string {
  const copy = join(scratchFolder(), "archive");
  cpSync(archive, copy, { recursive: true });
  return copy;
}
