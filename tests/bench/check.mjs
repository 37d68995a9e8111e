// @ts-check
// A bench that measured wrong answers measured nothing: the ledger must hold what the generator was answered.

/** Below this share the bench would measure refusals. */
const APPROVED_SHARE_MIN = 0.89;

/**
 * @param {{ totals: import("./rig.mjs").Totals, report: import("@pass-tpe/gateway").VerifyReport }} outcome
 * @returns {string[]} what does not agree
 */
export function disagreements({ totals, report }) {
  const debited = report.debited["EUR_CENT"] ?? 0;
  const findings = [...report.faults];
  if (report.attempts !== totals.answers)
    findings.push(`${totals.answers} answers, and ${report.attempts} rows`);
  if (report.approved !== totals.approved)
    findings.push(`${totals.approved} approvals answered, and ${report.approved} stored`);
  if (debited !== totals.approvedCents)
    findings.push(`${totals.approvedCents} cents approved, and ${debited} debited`);
  const { raced = { answers: 0, approved: 0 } } = totals;
  const answers = totals.answers - raced.answers;
  const approved = totals.approved - raced.approved;
  if (isRefusals({ answers, approved }))
    findings.push(`only ${approved} of ${answers} were approved`);
  return findings;
}

/** @param {{ answers: number, approved: number }} counted @returns {boolean} whether mostly refusals were measured */
export function isRefusals({ answers, approved }) {
  return approved < answers * APPROVED_SHARE_MIN;
}
