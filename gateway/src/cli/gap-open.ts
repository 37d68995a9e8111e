// `pass-tpe gap open`: puts on record that a PostgreSQL ledger lost its end, so that its gateways sell nothing before it is known.

import type { KeyObject } from "node:crypto";
import { readDataFolder } from "../data-folder.js";
import { gapStepsAlone, openGap } from "../gaps.js";
import { holdToLedger } from "../ledger-keys.js";
import { nameOf, openLedger } from "../ledger-place.js";
import { systemRandom } from "../main.js";
import type { HeadRow } from "../store/chain/driver.js";
import { type ExportedHead, faultOfExported } from "../store/chain/verify-heads.js";
import type { Driver } from "../store/driver.js";
import type { Gap } from "../store/gap/driver.js";
import type { Rows } from "../store/rows.js";
import { EXIT_OK, needed, UsageError } from "./command.js";
import { headsPathsOf, readHeadsFiles } from "./heads-option.js";
import { instantOf } from "./instant.js";
import { databaseFrom } from "./ledger-option.js";
import { storeKeyFrom } from "./store-key.js";

export const GAP_OPEN_OPTIONS = {
  data: { type: "string" },
  "store-key": { type: "string" },
  database: { type: "string" },
  heads: { type: "string", multiple: true },
  from: { type: "string" },
} as const;

interface Values {
  readonly data?: string | undefined;
  readonly "store-key"?: string | undefined;
  readonly database?: string | undefined;
  readonly heads?: readonly string[] | undefined;
  readonly from?: string | undefined;
  readonly json: boolean;
}

/** So many heads that the chain has, one after the other, and no earlier one is looked at: more than a day of sealing. */
const HEADS_FOUND_MAX = 20_000;

/** @throws UsageError, DataFolderError, DatabaseSetupError; nothing was opened then. */
export async function openOnDatabase(values: Values): Promise<number> {
  const path = needed(values.data, "--data");
  const fromMs = instantOf(needed(values.from, "--from"), "--from");
  const database = databaseFrom(values.database);
  if (database === null) {
    throw new UsageError(
      "gap open is for a ledger in PostgreSQL: name it with --database or DATABASE_URL. Of a ledger in a file `pass-tpe restore` opens the gap",
    );
  }
  const storeKey = storeKeyFrom(values["store-key"]);
  const folder = readDataFolder({ path, database, storeKey, random: systemRandom });
  const { sign, publicKey } = folder.keys.audit;
  const heads = readHeadsFiles(headsPathsOf(folder, values.heads));
  process.stderr.write(`opening a gap in ${nameOf(folder.place)}\n`);
  const driver = await openLedger(folder.place);
  try {
    await holdToLedger(driver, folder);
    const lost = await lowestLost(driver, heads, publicKey);
    const gap = await openGap({
      ...{ steps: gapStepsAlone(driver), fromMs, nowMs: Date.now(), sign, random: systemRandom },
      ...(lost === null ? {} : { lastLinkNo: lost - 1 }),
    });
    tell(gap, values.json);
    return EXIT_OK;
  } finally {
    await driver.close();
  }
}

/**
 * The first link that the ledger lost, where its number was given to another one by now: a gateway that did not notice went
 * on sealing. Null where the chain ends before all that was lost.
 */
async function lowestLost(
  { chain, gaps }: Pick<Driver, "chain" | "gaps">,
  exported: Rows<ExportedHead>,
  publicKey: KeyObject,
): Promise<number | null> {
  const last = (await chain.lastLink())?.no ?? 0;
  const check = { chain, last, gaps: await gaps.all(), publicKeys: [publicKey] };
  const heads: HeadRow[] = [];
  for await (const { head } of exported) {
    if (typeof head !== "string" && head.no <= last) heads.push(head);
  }
  let lowest: number | null = null;
  let found = 0;
  for (const head of heads.sort((one, other) => other.no - one.no)) {
    if ((await faultOfExported(head, check)) === null) found += 1;
    else [lowest, found] = [head.no, 0];
    if (found === HEADS_FOUND_MAX) break;
  }
  return lowest;
}

function tell({ no, fromMs, toMs, linkNo, terminalIds }: Gap, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ no, fromMs, toMs, linkNo, terminalIds })}\n`);
    return;
  }
  const [from, to] = [fromMs, toMs].map((atMs) => new Date(atMs).toISOString());
  process.stdout.write(
    [
      `gap ${no}  OPEN  from ${from} to ${to}, after link ${linkNo}, of ${terminalIds.length} terminals`,
      "next      start the gateways; sales open once every terminal has reconciled, settlements with `pass-tpe gap sign`\n",
    ].join("\n"),
  );
}
