// @ts-check
// Counts the tests of a vitest JSON report so that nothing that failed or did not run is left out.

/**
 * @typedef {object} Report what is read of vitest's JSON reporter
 * @property {{ name: string, status: string, message?: string, assertionResults: { fullName: string, status: string }[] }[]} testResults
 */
/** @typedef {{ passed: number, failed: string[], skipped: string[] }} Counts failed and skipped by name */

/**
 * @param {Report | undefined} report undefined when vitest left none
 * @param {{ exitedWithZero: boolean }} vitest
 * @returns {Counts} a file that failed outside its tests (to load, in a hook) counts as one failed test, and so does a
 *   run that failed without a failed test
 */
export function countTests(report, { exitedWithZero }) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const file of report?.testResults ?? []) {
    for (const { fullName, status } of file.assertionResults) {
      if (status === "passed") counts.passed += 1;
      else (status === "failed" ? counts.failed : counts.skipped).push(`${file.name}: ${fullName}`);
    }
    const hasFailedTest = file.assertionResults.some(({ status }) => status === "failed");
    if (file.status === "failed" && !hasFailedTest)
      counts.failed.push(`${file.name} (outside its tests)`);
  }
  const isEmpty = counts.passed + counts.failed.length + counts.skipped.length === 0;
  if (counts.failed.length === 0 && (!exitedWithZero || isEmpty)) {
    counts.failed.push("the test run itself (see vitest's last lines)");
  }
  return counts;
}

/** @param {Counts} counts @returns {string} the last line of `npm test` */
export function countLine({ passed, failed, skipped }) {
  const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  return `${passed} passed, ${failed.length} failed${tail}`;
}
