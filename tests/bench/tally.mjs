// @ts-check
// What the generator was answered, counted after the clock has stopped.

/**
 * @param {import("./connection.mjs").Answer[]} answers
 * @throws Error where one is no decision
 */
export function tally(answers) {
  const [sample] = answers;
  if (sample === undefined) throw new Error("a run without an answer");
  let approved = 0;
  let approvedCents = 0;
  for (const { status, body } of answers) {
    if (status !== 200) throw new Error(`answered ${status}: ${body}`);
    const { outcome, amountCents } = JSON.parse(body);
    if (outcome !== "approved") continue;
    approved += 1;
    approvedCents += amountCents;
  }
  return { answers: answers.length, approved, approvedCents, sample };
}
