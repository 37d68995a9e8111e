// @ts-check
// After a scale run each ledger must hold what was loaded and what was answered: proved by `pass-tpe verify`, timed.
import { disagreements } from "../check.mjs";
import { PASS_TPE } from "../gateway-command.mjs";
import { runToEnd } from "../processes.mjs";
import { storeKeyFile } from "../store-key.mjs";

/**
 * @typedef {object} Outcome
 * @property {import("./load-population.mjs").LoadFigures} loaded
 * @property {import("../rig.mjs").Totals} totals of the sales after the load
 * @property {import("./past.mjs").PastFigures} [past] none where nothing was filled
 */

/** @param {Outcome & { report: import("@pass-tpe/gateway").VerifyReport }} outcome @returns {string[]} what does not agree */
export function scaleFindings({ loaded, totals, past, report }) {
  const { till, events, applied, grants } = loaded;
  const { sales: filled, approvedCents: filledCents } = past ?? { sales: 0, approvedCents: 0 };
  const all = {
    answers: till.sales + totals.answers + filled,
    approved: till.approved + totals.approved + filled,
    approvedCents: till.approvedCents + totals.approvedCents + filledCents,
  };
  const findings = disagreements({ totals: all, report });
  if (applied !== events) findings.push(`${events} events were sent, and ${applied} applied`);
  if (report.grants !== grants)
    findings.push(`${grants} grants were due, and ${report.grants} are there`);
  return findings;
}

/**
 * @param {Outcome & { shop: import("./shop.mjs").Shop }} options the shop's gateway has ended
 * @returns {Promise<{ findings: string[], verifySeconds: number }>}
 */
export async function checkLedger({ shop, ...outcome }) {
  const startedMs = performance.now();
  const data = ["--data", shop.folder, "--store-key", storeKeyFile(shop.folder)];
  const { stdout } = await runToEnd([...PASS_TPE, "verify", ...data, "--json"]);
  const verifySeconds = (performance.now() - startedMs) / 1_000;
  return { findings: scaleFindings({ ...outcome, report: JSON.parse(stdout) }), verifySeconds };
}
