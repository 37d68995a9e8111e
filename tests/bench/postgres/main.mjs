// @ts-check
// `npm run bench:postgres`: pgbench and durable authorizations on one PostgreSQL in turns, then the ledger against the answers.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { disagreements } from "../check.mjs";
import { Figures } from "../figures.mjs";
import { describeMachine } from "../machine.mjs";
import { killAll } from "../processes.mjs";
import { readOptions } from "./options.mjs";
import { openRig } from "./rig.mjs";
import { targetsOf } from "./targets.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../../.pass-tpe", import.meta.url));
const PARTS = [
  { name: "pgbench", connections: 8 },
  { name: "authorize", connections: 8 },
  { name: "pgbench", connections: 32 },
  { name: "authorize", connections: 32 },
  { name: "hot-merchant", connections: 32 },
  { name: "two-gateways", connections: 32 },
];

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`bench: ${line}\n`);

/** @param {string} folder @param {import("./options.mjs").PostgresBenchOptions} options */
async function measure(folder, options) {
  say("making cards and terminals, starting PostgreSQL and two gateways, warming up");
  const rig = await openRig(folder, options);
  const figures = new Figures();
  for (let round = 1; round <= options.rounds; round += 1) {
    say(`round ${round} of ${options.rounds}`);
    for (const part of round % 2 === 1 ? PARTS : [...PARTS].reverse())
      figures.add({ ...part, round }, await rig.measure(part));
  }
  say("checking the ledger against the answers");
  const outcome = await rig.finish();
  const { answers, approved, approvedCents } = outcome.totals;
  const findings = disagreements(outcome);
  const verdict = findings.length === 0 ? "agrees" : "DISAGREES";
  say(`${answers} answers, ${approved} approved for ${approvedCents} cents: the ledger ${verdict}`);
  return { figures, findings };
}

/** @param {import("../figures.mjs").Run[]} runs @param {ReturnType<typeof targetsOf>} targets */
function tableOf(runs, targets) {
  const rows = runs.map(
    ({ name, connections, generator, perSecond, sustainedPerSecond = perSecond, p50Ms, p99Ms }) =>
      `${name.padEnd(14)} ${String(connections).padStart(4)}  ${perSecond}/s, sustained ${sustainedPerSecond}/s, p50 ${p50Ms} ms, p99 ${p99Ms} ms, by ${generator}`,
  );
  const found = targets.map(({ name, wanted, measured, range, ok }) => {
    const verdict = ok === null ? "" : `, at least ${wanted}: ${ok ? "met" : "MISSED"}`;
    return `${name}: ${measured} (${range.join(" to ")})${verdict}`;
  });
  return `${[...rows, "", ...found].join("\n")}\n`;
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-"));
  try {
    const { figures, findings } = await measure(folder, options);
    const [runs, targets] = [figures.runs(), targetsOf(figures)];
    const machine = describeMachine(folder);
    process.stdout.write(
      options.json ? `${JSON.stringify({ machine, runs, targets })}\n` : tableOf(runs, targets),
    );
    for (const finding of findings) say(`WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
