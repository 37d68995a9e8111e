// @ts-check
// `npm run bench:till`: sales from the tap to the decision, step by step, then the ledger against what the till was told.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PASS_TPE } from "../gateway-command.mjs";
import { describeMachine } from "../machine.mjs";
import { killAll, startServer } from "../processes.mjs";
import { openLine } from "./cut-line.mjs";
import { readOptions } from "./options.mjs";
import { makeShop, verifyShop } from "./shop.mjs";
import { wayOf } from "./steps.mjs";
import { table } from "./table.mjs";
import { targetsOf } from "./targets.mjs";
import { APDU_MS, openTill } from "./till.mjs";

const DEFAULT_FOLDER = fileURLToPath(new URL("../../../.pass-tpe", import.meta.url));
/** Sales that are not measured: the first ones load and compile code at both ends. */
const WARM_UP_SALES = 20;
/** So long after a cut both ends know of it. */
const CUT_NOTICED_MS = 5;
/** In the middle of the card's three commands. */
const CUT_IN_READ_MS = 1.5 * APDU_MS;

/** @typedef {Awaited<ReturnType<typeof openTill>>} Till */
/** @typedef {import("./steps.mjs").Sale} Sale */
/**
 * @typedef {object} Result
 * @property {ReturnType<typeof describeMachine> & { apduMs: number }} machine
 * @property {import("./steps.mjs").Way[]} ways
 * @property {import("./targets.mjs").Target[]} targets
 */

/** @param {string} line progress, which is not part of the result */
const say = (line) => void process.stderr.write(`${line}\n`);

/** @param {number} times @param {() => Promise<Sale>} sell @returns {Promise<Sale[]>} */
async function repeat(times, sell) {
  const sales = [];
  for (let made = 0; made < times; made += 1) sales.push(await sell());
  return sales;
}

/** @param {import("./shop.mjs").Shop} shop @param {string} logFile */
function startGateway({ folder, programmeFile, keyFile }, logFile) {
  const data = ["--data", folder, "--store-key", keyFile, "--programme", programmeFile];
  // One till sells here as fast as it can: what is measured is the sale, not the limits of one card and one till.
  const unlimited = ["--terminal-rate", "0", "--card-rate", "0"];
  const args = [...PASS_TPE, "serve", ...data, ...unlimited, "--port", "0", "--health-port", "0"];
  return startServer({ args, logFile });
}

/** @param {Till} till @param {import("./options.mjs").TillOptions} options */
async function sellSteadily(till, { taps, codes }) {
  const first = await repeat(1, () => till.tap());
  await repeat(WARM_UP_SALES, () => till.tap());
  say(`bench: ${taps} taps`);
  const tapped = await repeat(taps, () => till.tap());
  await repeat(WARM_UP_SALES, () => till.scan());
  say(`bench: ${codes} QR codes with the code secret`);
  const scanned = await repeat(codes, () => till.scan());
  return {
    tap: wayOf("tap", tapped),
    others: [wayOf("QR code and PIN", scanned), wayOf("tap, the first of all", first)],
  };
}

/** @param {Till} till @param {{ cuts: number, cut: () => void }} options */
async function sellAfterCuts(till, { cuts, cut }) {
  await repeat(WARM_UP_SALES, () => till.tap());
  say(`bench: ${2 * cuts} first sales after cuts`);
  const before = await repeat(cuts, async () => {
    cut();
    await sleep(CUT_NOTICED_MS);
    return till.tap();
  });
  const meanwhile = await repeat(cuts, () => till.tap(() => void sleep(CUT_IN_READ_MS).then(cut)));
  return [
    wayOf("tap, connection cut before the sale", before),
    wayOf("tap, connection cut while the card is read", meanwhile),
  ];
}

/** @param {string} folder empty @param {import("./options.mjs").TillOptions} options */
async function bench(folder, options) {
  const { taps, codes, cuts } = options;
  const sales = 1 + taps + codes + 2 * cuts + 3 * WARM_UP_SALES;
  say(`bench: loading cards for ${sales} sales, starting the gateway, warming up`);
  const shop = await makeShop({ folder: join(folder, "gateway"), sales });
  const server = await startGateway(shop, join(folder, "gateway.log"));
  const { serving: gateway = "" } = server.addresses;
  const { nextCard, terminals } = shop;
  const steady = { folder: place(folder, "steady"), credentials: terminals.steady };
  const till = await openTill({ ...steady, gateway, nextCard });
  const { tap, others } = await sellSteadily(till, options);
  await till.close();
  const line = await openLine(gateway);
  const onLine = { folder: place(folder, "cut"), credentials: terminals.cut };
  const other = await openTill({ ...onLine, gateway: line.url, nextCard });
  const afterCuts = await sellAfterCuts(other, { cuts, cut: line.cut });
  await other.close();
  line.close();
  await server.stop();
  const findings = disagreements(await verifyShop(shop), [till.told, other.told]);
  return { ways: [tap, ...others, ...afterCuts], targets: targetsOf(tap), findings };
}

/** @param {string} folder @param {string} name */
function place(folder, name) {
  const own = join(folder, name);
  mkdirSync(own);
  return own;
}

/** @param {import("@pass-tpe/gateway").VerifyReport} report @param {readonly Till["told"][]} tills */
function disagreements(report, tills) {
  const approved = tills.reduce((sum, told) => sum + told.approved, 0);
  const cents = tills.reduce((sum, told) => sum + told.approvedCents, 0);
  const debited = report.debited["EUR_CENT"] ?? 0;
  const findings = [...report.faults];
  if (report.approved !== approved)
    findings.push(`${approved} approvals told, and ${report.approved} stored`);
  if (debited !== cents) findings.push(`${cents} cents approved, and ${debited} debited`);
  return findings;
}

const options = readOptions();
if (options !== null) {
  const parent = options.folder ?? DEFAULT_FOLDER;
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "bench-till-"));
  try {
    const { findings, ...measured } = await bench(folder, options);
    /** @type {Result} */
    const result = { machine: { ...describeMachine(folder), apduMs: APDU_MS }, ...measured };
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : table(result));
    for (const finding of findings) say(`bench: WRONG: ${finding}`);
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    killAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
