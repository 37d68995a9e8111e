// `pass-tpe verify` and `pass-tpe replay`: prove what a stopped gateway keeps, from its data folder alone.

import { parseArgs } from "node:util";
import { windowOfMonths } from "../catalogue/civil-dates.js";
import { loadProgramme } from "../catalogue/programme.js";
import type { Programme } from "../core/programme.js";
import { readDataFolder } from "../data-folder.js";
import type { Ledger } from "../store/driver.js";
import { replayLedger } from "../store/replay.js";
import { sqliteDriver } from "../store/sqlite/driver.js";
import { verifyLedger } from "../store/verify.js";
import { type Command, EXIT_FAILED, EXIT_OK, needed } from "./command.js";

const readProgramme = (json: string): Programme => loadProgramme(JSON.parse(json));

const OPTIONS_HELP = `  --data FOLDER        the gateway's data folder; the gateway must be stopped
  --json               the whole report as JSON on stdout
  --help               this text

Each fault is one line on stdout and names its row. It ends with 0 when there is none, and with 1 otherwise.
`;

export const verify: Command = {
  name: "verify",
  summary: "recompute every balance from its entries",
  help: `Usage: pass-tpe verify --data FOLDER [--json]

Recomputes every balance from its entries, and holds every entry to the answer that it was made for; every grant to the
rule that gave it; every revoked grant and every suspension to the audit trail.

${OPTIONS_HELP}`,
  run: (args) =>
    prove(args, async (ledger) => {
      const report = await verifyLedger(ledger, { readProgramme, calendar: { windowOfMonths } });
      const { attempts, entries, grants, grantsWithoutRule, faults } = report;
      return {
        report,
        faults,
        looked: `${attempts} attempts, ${entries} entries, ${grants} grants (${grantsWithoutRule} without a rule)`,
      };
    }),
};

export const replay: Command = {
  name: "replay",
  summary: "make every stored decision again",
  help: `Usage: pass-tpe replay --data FOLDER [--json]

Makes every stored decision again from its stored facts, under the rules and the programme of its day, and compares code,
the whole answer, effects and reversals. What this program cannot decide again, because it does not know those rules any more, is a fault. Texts that this
program would word otherwise are noted on stderr, and are none.

${OPTIONS_HELP}`,
  run: (args) =>
    prove(args, async (ledger) => {
      const report = await replayLedger(ledger, readProgramme);
      const { attempts, decidedAgain, differences, unknown, reworded } = report;
      const faults = [...differences, ...unknown];
      for (const line of reworded) process.stderr.write(`note: ${line}\n`);
      return { report, faults, looked: `${attempts} attempts, ${decidedAgain} decided again` };
    }),
};

interface Proof {
  readonly report: object;
  readonly faults: readonly string[];
  /** What was looked at, in words. */
  readonly looked: string;
}

async function prove(
  args: readonly string[],
  look: (ledger: Ledger) => Promise<Proof>,
): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { data: { type: "string" }, json: { type: "boolean", default: false } },
  });
  const { databasePath } = readDataFolder(needed(values.data, "--data"));
  process.stderr.write(`reading ${databasePath}\n`);
  const driver = sqliteDriver(databasePath);
  try {
    const { report, faults, looked } = await look(await driver.ledger());
    const lines = values.json ? [JSON.stringify(report)] : faults;
    for (const line of lines) process.stdout.write(`${line}\n`);
    process.stderr.write(`${looked}: ${faults.length === 0 ? "sound" : "NOT sound"}\n`);
    return faults.length === 0 ? EXIT_OK : EXIT_FAILED;
  } finally {
    await driver.close();
  }
}
