// @ts-check
// `npm run bench`: echo, disk, PostgreSQL and durable authorizations in turns on one machine, then the ledger against the answers.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { disagreements } from "./check.mjs";
import { describeMachine } from "./machine.mjs";
import { readOptions } from "./options.mjs";
import { plot } from "./plot.mjs";
import { killAll } from "./processes.mjs";
import { runRounds } from "./rounds.mjs";
import { table } from "./table.mjs";
import { targetsOf } from "./targets.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../.pass-tpe", import.meta.url));

/**
 * @typedef {object} Result
 * @property {Record<string, unknown>} machine
 * @property {import("./figures.mjs").Run[]} runs
 * @property {import("./targets.mjs").Memory[]} memory of each gateway
 * @property {import("./targets.mjs").Target[]} targets
 * @property {string[]} skipped what was not measured, and why
 */

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`bench: ${line}\n`);

/** @param {import("./rounds.mjs").Outcome["ledgers"]} ledgers @returns {string[]} */
function findingsOf(ledgers) {
  return ledgers.flatMap((outcome) => {
    const { answers, approved, approvedCents, raced } = outcome.totals;
    const found = disagreements(outcome);
    const verdict = found.length === 0 ? "agrees" : "DISAGREES";
    say(
      `${answers} answers (${raced?.answers ?? 0} of them to the hot card), ${approved} approved for ${approvedCents} cents: the ledger ${verdict}`,
    );
    return found;
  });
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-"));
  try {
    const { figures, memory, ledgers, skipped } = await runRounds(folder, options, say);
    const findings = findingsOf(ledgers);
    /** @type {Result} */
    const result = {
      machine: { ...describeMachine(folder), generator: options.generator, seed: options.seed },
      runs: figures.runs(),
      memory,
      targets: targetsOf({ figures, memory }),
      skipped,
    };
    if (options.plot !== undefined) writeFileSync(options.plot, plot(result));
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
    for (const finding of findings) say(`WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
