// `pass-tpe restore`: makes a new data folder from an archive, as the ledger was at an instant, and closes it to sales.

import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ArchiveError } from "../archive/paths.js";
import { type Restored, restoreArchive } from "../archive/restore/restore.js";
import { DataFolderError, readDataFolder, type Secrets } from "../data-folder.js";
import { pathsIn } from "../data-folder-files.js";
import { gapStepsAlone, openGap } from "../gaps.js";
import { holdToLedger } from "../ledger-keys.js";
import { systemRandom } from "../main.js";
import { verifyChain } from "../store/chain/verify-chain.js";
import type { Driver } from "../store/driver.js";
import type { Gap } from "../store/gap/driver.js";
import { sqliteDriver } from "../store/sqlite/driver.js";
import { checkIntegrity, replayLog } from "../store/sqlite/replay-log.js";
import { verifyLedger } from "../store/verify.js";
import { type Command, EXIT_FAILED, EXIT_OK, needed, UsageError } from "./command.js";
import { instantOf } from "./instant.js";
import { refuseDatabase } from "./ledger-option.js";
import { VERIFY_OPTIONS } from "./prove.js";
import { STORE_KEY_HELP, storeKeyFrom } from "./store-key.js";

const OWNER_ONLY_FOLDER = 0o700;

/** Where it is made: a folder that is not whole is never taken for a gateway's. */
const WORK_FOLDER = "restoring";

/** An archive that was written to within this time may be a serving gateway's. */
const FRESH_MS = 60_000;

export const restore: Command = {
  name: "restore",
  summary: "make a data folder from an archive, as the ledger was at an instant",
  help: `Usage: pass-tpe restore --archive FOLDER --data NEWFOLDER --store-key FILE [--at INSTANT] [--json]

Restores the ledger from what \`serve --archive\` kept: the last copy of the database before the instant, and what was
committed after it. Checks it (SQLite's pages and indexes, every balance, the chain), puts the newest keys.json beside it,
and says which instant it reached. What was committed after that is lost here: the restored gateway refuses sales until
every terminal has compared its days, or an operator signs for the gap (\`pass-tpe gap\`), and settlements until one signs.
Stop the old gateway first: what it sells after its last archived second is in no list.

  --archive FOLDER     the archive
  --data NEWFOLDER     empty, or not there yet; nothing is ever overwritten
${STORE_KEY_HELP}
  --at INSTANT         such as 2026-09-01T14:05:00Z or 2026-09-01T16:05:00+02:00; the last one there is by default
  --json               what was done as JSON on stdout
  --help               this text

It ends with 0 when the restored ledger is sound, and with 1 otherwise.
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        archive: { type: "string" },
        data: { type: "string" },
        "store-key": { type: "string" },
        at: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    refuseDatabase("restore");
    const folder = needed(values.archive, "--archive");
    const data = needed(values.data, "--data");
    const storeKey = storeKeyFrom(values["store-key"]);
    const atMs = values.at === undefined ? null : instantOf(values.at, "--at");
    const work = makeWorkFolder(data);
    try {
      const done = await restoreInto({ work, folder, atMs, storeKey });
      putInPlace(work, data);
      return tell(done, values.json);
    } catch (error) {
      rmSync(work, { recursive: true });
      throw error instanceof ArchiveError
        ? new DataFolderError(error.message, { cause: error })
        : error;
    }
  },
};

/** @throws UsageError where anything stands in the folder. */
function makeWorkFolder(data: string): string {
  mkdirSync(data, { recursive: true, mode: OWNER_ONLY_FOLDER });
  if (readdirSync(data).length > 0) {
    throw new UsageError(`--data ${data} is not empty: name a new folder, nothing is overwritten`);
  }
  const work = join(data, WORK_FOLDER);
  mkdirSync(work, { mode: OWNER_ONLY_FOLDER });
  return work;
}

interface Done {
  readonly restored: Restored;
  readonly gap: Gap;
  readonly faults: readonly string[];
  readonly looked: string;
}

async function restoreInto(input: {
  readonly work: string;
  readonly folder: string;
  readonly atMs: number | null;
  readonly storeKey: Uint8Array;
}): Promise<Done> {
  const { work, folder, atMs, storeKey } = input;
  const { databasePath, keysPath } = pathsIn(work);
  const onProgress = (what: string) => void process.stderr.write(`\r\x1b[K${what}`);
  const restored = restoreArchive({ folder, databasePath, keysPath, atMs, replayLog, onProgress });
  process.stderr.write("\nchecking every page and index\n");
  const pages = checkIntegrity(databasePath);
  const secrets = readDataFolder({ path: work, storeKey, random: systemRandom });
  const driver = sqliteDriver(databasePath);
  try {
    await holdToLedger(driver, secrets);
    const gap = await closeToSales(driver, secrets, restored.reachedMs);
    process.stderr.write("recomputing every balance and the chain\n");
    const ledger = await verifyLedger(driver.ledger(), VERIFY_OPTIONS);
    const publicKeys = [secrets.keys.audit.publicKey];
    const chain = await verifyChain(driver.chain, { publicKeys, exported: null });
    const faults = [...pages, ...ledger.faults, ...chain.faults];
    const looked = `${ledger.attempts} attempts, ${ledger.entries} entries, ${chain.links} links`;
    return { restored, gap, faults, looked };
  } finally {
    await driver.close();
  }
}

/** What is lost is on record before anybody can serve from this folder. */
function closeToSales(driver: Driver, { keys }: Secrets, fromMs: number): Promise<Gap> {
  const steps = gapStepsAlone(driver);
  const { sign } = keys.audit;
  return openGap({ steps, fromMs, nowMs: Date.now(), sign, random: systemRandom });
}

/** The keys last: without them the folder is no gateway's. */
function putInPlace(work: string, data: string): void {
  const [from, to] = [pathsIn(work), pathsIn(data)];
  renameSync(from.databasePath, to.databasePath);
  renameSync(from.keysPath, to.keysPath);
  rmSync(work, { recursive: true });
}

function tell({ restored, gap, faults, looked }: Done, asJson: boolean): number {
  const { reachedMs, base, fillings, stopped, refused, writtenAtMs } = restored;
  const { no, fromMs, toMs, terminalIds } = gap;
  if (asJson) {
    const told = { reachedMs, base, fillings, stopped, refused, writtenAtMs, faults };
    const opened = { no, fromMs, toMs, terminalIds };
    process.stdout.write(`${JSON.stringify({ ...told, gap: opened })}\n`);
  } else {
    const lines = [
      `reached   ${iso(reachedMs)}: base ${base} and ${fillings} fillings of the log`,
      ...(stopped === null ? [] : [`stopped   ${stopped}`]),
      ...refused.map((why) => `not used  ${why}`),
      `missing   what was committed from ${iso(fromMs)} to ${iso(toMs)} (gap ${no}), of ${terminalIds.length} terminals`,
      ...(writtenAtMs !== null && toMs - writtenAtMs < FRESH_MS
        ? [`WARNING   the archive was written to at ${iso(writtenAtMs)}: ${STILL_SERVING}`]
        : []),
      "next      serve this folder; sales open once every terminal has reconciled, settlements with `pass-tpe gap sign`",
      ...faults.map((fault) => `FAULT     ${fault}`),
    ];
    process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  }
  process.stderr.write(`${looked}: ${faults.length === 0 ? "sound" : "NOT sound"}\n`);
  return faults.length === 0 ? EXIT_OK : EXIT_FAILED;
}

const STILL_SERVING =
  "a gateway may still be selling. Stop it before this folder is served: what it sells meanwhile is not here";

const iso = (atMs: number) => new Date(atMs).toISOString();
