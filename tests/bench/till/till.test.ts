// The till's bench: that its steps are told and add up to the whole, and that a target is called what it is. Not how fast.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface Figures {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}
interface Way {
  readonly name: string;
  readonly sales: number;
  readonly syncsASale: number;
  readonly steps: Readonly<Record<string, Figures>>;
  readonly whole: { readonly total: Figures; readonly sdkShare: Figures; readonly syncs: Figures };
}
interface StepsModule {
  stepsOf(sale: object): Record<string, number>;
  wayOf(name: string, sales: readonly object[]): Way;
}
interface TargetsModule {
  targetsOf(tap: Way): { name: string; measuredMs: number; ok: boolean }[];
}

const url = (file: string) => new URL(file, import.meta.url).href;
const { stepsOf, wayOf }: StepsModule = await import(url("steps.mjs"));
const { targetsOf }: TargetsModule = await import(url("targets.mjs"));

const sale = (totalMs: number) => ({
  totalMs,
  syncsMs: [0.5, 0.25],
  timings: {
    cardMs: 60,
    journalMs: 2,
    networkMs: 5,
    gateway: { queueMs: 0.5, decideMs: 1, commitMs: 1.5 },
  },
});

test("a sale's time is told in steps that add up to it", () => {
  expect(stepsOf(sale(70))).toEqual({
    total: 70,
    card: 60,
    pinPad: 0,
    journal: 2,
    sdk: 3,
    network: 2,
    queue: 0.5,
    decide: 1,
    commit: 1.5,
    sdkShare: 5,
    syncs: 0.75,
  });
});

test("a gateway that does not tell its stages is not measured", () => {
  const { timings, ...rest } = sale(70);
  const silent = { ...rest, timings: { ...timings, gateway: undefined } };
  expect(() => stepsOf(silent)).toThrow("stages");
});

test.each([
  ["both kept", Array(100).fill(75), [true, true]],
  [
    "the SDK's share missed by its slowest in a hundred",
    [...Array(98).fill(70), 76, 76],
    [false, true],
  ],
  ["both missed", [...Array(90).fill(70), ...Array(10).fill(101)], [false, false]],
])("a target is called what it is: %s", (_case, totals, verdicts) => {
  expect(targetsOf(wayOf("tap", totals.map(sale))).map(({ ok }) => ok)).toEqual(verdicts);
});

test("a quick run tells each step of each way to sell, and its ledger agrees", async () => {
  const main = fileURLToPath(url("main.mjs"));
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--quick", "--json"]);
  const { machine, ways, targets }: { machine: object; ways: Way[]; targets: object[] } =
    JSON.parse(stdout);
  expect(machine).toMatchObject({ cores: expect.any(Number), apduMs: 20 });
  expect(targets).toHaveLength(2);
  expect(ways.map(({ name }) => name)).toEqual([
    "tap",
    "QR code and PIN",
    "tap, the first of all",
    "tap, connection cut before the sale",
    "tap, connection cut while the card is read",
  ]);
  for (const { name, syncsASale, steps, whole } of ways) {
    const parts = Object.values(steps).reduce((sum, { meanMs }) => sum + meanMs, 0);
    expect(parts, name).toBeCloseTo(whole.total.meanMs, 1);
    expect(steps["journal"]?.meanMs, name).toBeGreaterThan(0);
    // The attempt and the answer.
    expect(syncsASale, name).toBe(2);
  }
  const [tap, scan] = ways;
  expect(tap?.steps["card"]?.p50Ms).toBeGreaterThan(3 * 19);
  expect(scan?.steps["pinPad"]?.p50Ms).toBeGreaterThan(0);
}, 120_000);
