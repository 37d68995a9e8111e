// @ts-check
// `npm run bench`: echo, disk and durable authorizations in turns on one machine, then the ledger against the answers.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { disagreements } from "./check.mjs";
import { Figures } from "./figures.mjs";
import { describeMachine } from "./machine.mjs";
import { readOptions } from "./options.mjs";
import { killAll } from "./processes.mjs";
import { openRig } from "./rig.mjs";
import { syncLoop } from "./sync-loop.mjs";
import { table } from "./table.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../.pass-tpe", import.meta.url));
const CONNECTIONS = [1, 32, 128];

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * @param {string} folder empty
 * @param {import("./options.mjs").BenchOptions} options
 * @returns {Promise<{ figures: Figures, findings: string[] }>}
 */
async function bench(folder, { rounds, runMs }) {
  say("bench: loading cards, starting gateway, echo and generator, warming up");
  const rig = await openRig(folder);
  const { answerBytes } = rig;
  say(`bench: an answer has ${answerBytes.authorize} bytes, the echo's ${answerBytes.echo}`);
  const figures = new Figures();
  for (let round = 1; round <= rounds; round += 1) {
    say(`bench: round ${round} of ${rounds}`);
    for (const connections of CONNECTIONS) {
      const load = { connections, runMs };
      figures.add({ name: "echo", connections }, await rig.echo(load));
      figures.add({ name: "echo-tls", connections }, await rig.echoTls(load));
      figures.add({ name: "authorize", connections }, await rig.authorize(load));
      figures.add({ name: "authorize-plain", connections }, await rig.authorizePlain(load));
    }
    for (const sync of /** @type {const} */ (["fdatasync", "fsync"])) {
      figures.add({ name: sync, connections: 1 }, syncLoop({ folder, runMs, sync }));
    }
  }
  say("bench: checking the ledgers against the answers");
  const findings = [];
  for (const outcome of await rig.finish()) {
    const { answers, approved, approvedCents } = outcome.totals;
    const found = disagreements(outcome);
    findings.push(...found);
    const verdict = found.length === 0 ? "agrees" : "DISAGREES";
    say(
      `bench: ${answers} answers, ${approved} approved for ${approvedCents} cents: the ledger ${verdict}`,
    );
  }
  return { figures, findings };
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-"));
  try {
    const { figures, findings } = await bench(folder, options);
    const result = { machine: describeMachine(folder), runs: figures.runs() };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
    for (const finding of findings) say(`bench: WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
