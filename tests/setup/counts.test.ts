// What `npm test` counts: nothing that failed or did not run may be left out of its last line.
import { expect, test } from "vitest";

interface Counts {
  passed: number;
  failed: string[];
  skipped: string[];
}
interface CountsModule {
  countTests(report: unknown, vitest: { exitedWithZero: boolean }): Counts;
  countLine(counts: Counts): string;
}

// The set-up is plain JavaScript, which runs before there is a compiler; its types are told here.
const url = new URL("../../.ci/counts.mjs", import.meta.url).href;
const { countLine, countTests }: CountsModule = await import(url);

const file = (status: string, tests: Record<string, string>) => ({
  name: "x.test.ts",
  status,
  assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })),
});
const lineFor = (files: unknown[], exitedWithZero: boolean) =>
  countLine(countTests({ testResults: files }, { exitedWithZero }));

test("passed, failed and skipped tests are counted apart", () => {
  const ran = file("failed", { a: "passed", b: "failed", c: "skipped", d: "todo" });
  expect(lineFor([ran], false)).toBe("1 passed, 1 failed, 2 skipped");
});

test("a file that failed to load counts as one failed test", () => {
  const loaded = file("passed", { a: "passed" });
  expect(lineFor([loaded, file("failed", {})], false)).toBe("1 passed, 1 failed");
});

test("a file whose hook failed counts as failed although its tests were only skipped", () => {
  expect(lineFor([file("failed", { a: "skipped" })], false)).toBe("0 passed, 1 failed, 1 skipped");
});

test("a run that failed outside every file does not pass", () => {
  expect(lineFor([file("passed", { a: "passed" })], false)).toBe("1 passed, 1 failed");
});

test.each([
  ["without a report", undefined],
  ["without a test", { testResults: [] }],
])("a run %s does not pass, whatever its exit code", (_case, report) => {
  expect(countTests(report, { exitedWithZero: true }).failed).toHaveLength(1);
});

test("skipped tests are named only when there are any", () => {
  expect(lineFor([file("passed", { a: "passed" })], true)).toBe("1 passed, 0 failed");
});
