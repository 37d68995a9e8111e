// @ts-check
// After a scale run each ledger must hold what was loaded and what was answered: proved by `pass-tpe verify`, timed.
import { disagreements } from "../check.mjs";
import { runToEnd } from "../processes.mjs";
import { storeKeyFile } from "../store-key.mjs";
import { GATEWAY } from "./gateway.mjs";

/**
 * @typedef {object} Outcome
 * @property {import("./load-population.mjs").LoadFigures} loaded
 * @property {import("../rig.mjs").Totals} totals of the sales after the load
 */

/** @param {Outcome & { report: import("@pass-tpe/gateway").VerifyReport }} outcome @returns {string[]} what does not agree */
export function scaleFindings({ loaded, totals, report }) {
  const { till, events, applied, grants } = loaded;
  const all = {
    answers: till.sales + totals.answers,
    approved: till.approved + totals.approved,
    approvedCents: till.approvedCents + totals.approvedCents,
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
export async function checkLedger({ shop, loaded, totals }) {
  const startedMs = performance.now();
  const data = ["--data", shop.folder, "--store-key", storeKeyFile(shop.folder)];
  const { stdout } = await runToEnd([GATEWAY, "verify", ...data, "--json"]);
  const verifySeconds = (performance.now() - startedMs) / 1_000;
  return { findings: scaleFindings({ loaded, totals, report: JSON.parse(stdout) }), verifySeconds };
}
