// What is found once everything has come to rest: by the gateway's own check of its ledger, and by the checker of days.

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { type Driver, ledgerPlace, openLedger } from "@pass-tpe/gateway";
import type { Fact, LedgerFacts, Violation, World } from "../checker/facts.js";
import { check } from "../checker/index.js";
import { ledgerFacts } from "../ledger-facts.js";
import { ledgerEnvironment } from "./gateway-life.js";
import type { Remains } from "./remains.js";

/** Rules of a run itself, beside those of the checker. */
export const RUN_RULES = {
  verified: "the gateway's own check finds its ledger sound",
  settled: "a till's day and the gateway's agree once everything is settled",
  noSurprise: "gateway and tills end only when they are made to",
  readyInTime: "each start of the gateway on a disk with space is ready in the time promised",
} as const;

export interface Verdict {
  readonly ledger: LedgerFacts;
  readonly violations: readonly Violation[];
}

/** Verifies the ledger of a stopped gateway, reads it and holds it to what was seen. */
export async function judge(
  options: VerifyOptions & { readonly world: World; readonly facts: readonly Fact[] },
): Promise<Verdict> {
  const { dataFolder, databaseUrl } = options;
  const database = databaseUrl === undefined ? null : { url: databaseUrl };
  const faults = await verifyFaults(options);
  const open = () => openLedger(ledgerPlace(dataFolder, database));
  const { ledger, violations } = await checkLedger({ ...options, open });
  return { ledger, violations: [...faults, ...violations] };
}

/** Reads a ledger that nobody writes any more and holds it to what was seen. */
export async function checkLedger(options: LedgerOptions): Promise<Verdict> {
  const { world, facts, open } = options;
  const driver = await open();
  try {
    const ledger = await ledgerFacts({ driver, atMs: Date.now() });
    return { ledger, violations: check(world, facts, ledger) };
  } finally {
    await driver.close();
  }
}

export interface LedgerOptions {
  readonly world: World;
  readonly facts: readonly Fact[];
  readonly open: () => Driver | Promise<Driver>;
}

export interface VerifyOptions {
  readonly dataFolder: string;
  readonly storeKeyFile: string;
  /** Runs `pass-tpe verify`. */
  readonly program: string;
  /** Where the ledger is, when it is in no file of the folder. */
  readonly databaseUrl?: string;
  /** Exported heads, where they are not those in the data folder alone. */
  readonly headsFiles?: readonly string[];
  readonly remains: Pick<Remains, "child">;
}

/** What `pass-tpe verify` finds where no gateway sells. */
export async function verifyFaults(options: VerifyOptions): Promise<readonly Violation[]> {
  const { dataFolder, storeKeyFile, program, headsFiles = [], remains } = options;
  const heads = headsFiles.flatMap((file) => ["--heads", file]);
  const args = [program, "verify", "--data", dataFolder, "--store-key", storeKeyFile, ...heads];
  const env = ledgerEnvironment(options);
  const child = remains.child(
    spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] }),
  );
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [said, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if ((await ended) === 0) return [];
  const lines = said.trimEnd().split("\n").filter(Boolean);
  return (lines.length > 0 ? lines : [complaint]).map((found) => ({
    rule: RUN_RULES.verified,
    found,
    sale: null,
  }));
}

/** What an operator is promised of each start: one violation for all that took longer, or none. */
export function slowStarts(options: {
  readonly readyMs: readonly number[];
  readonly readyMsMax: number;
}): readonly Violation[] {
  const { readyMs, readyMsMax } = options;
  const slow = readyMs.filter((ms) => ms > readyMsMax);
  if (slow.length === 0) return [];
  const found = `${slow.length} of ${readyMs.length} starts took longer than ${readyMsMax} ms, the slowest ${Math.round(Math.max(...slow))} ms`;
  return [{ rule: RUN_RULES.readyInTime, found, sale: null }];
}
