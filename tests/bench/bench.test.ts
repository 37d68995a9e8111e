// The bench's own arithmetic, and that it fails loudly where ledger and answers differ.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

interface Sample {
  latenciesMs: Float64Array;
  elapsedMs: number;
}
interface FiguresModule {
  Figures: new () => {
    add(run: { name: string; connections: number }, sample: Sample): void;
    runs(): Record<string, unknown>[];
  };
  percentile(sorted: number[], share: number): number;
}
interface CheckModule {
  disagreements(outcome: { totals: object; report: object }): string[];
}

const url = (file: string) => new URL(file, import.meta.url).href;
const { Figures, percentile }: FiguresModule = await import(url("figures.mjs"));
const { disagreements }: CheckModule = await import(url("check.mjs"));

const sample = (latencies: number[], elapsedMs: number) => ({
  latenciesMs: Float64Array.from(latencies),
  elapsedMs,
});

test("the rounds of a run count together, and stand against the echo at as many connections", () => {
  const figures = new Figures();
  figures.add({ name: "echo", connections: 32 }, sample([1, 1, 1, 1], 4));
  figures.add({ name: "authorize", connections: 32 }, sample([2, 4], 6));
  figures.add({ name: "authorize", connections: 32 }, sample([3, 5], 10));
  expect(figures.runs().at(-1)).toEqual({
    name: "authorize",
    connections: 32,
    perSecond: 250,
    p50Ms: 3,
    p99Ms: 5,
    p999Ms: 5,
    ratioToEcho: 0.25,
  });
});

test("a percentile is a latency that was measured", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.99, 0.999].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
});

const totals = { answers: 100, approved: 98, approvedCents: 5_000 };
const report = { attempts: 100, approved: 98, debited: { EUR_CENT: 5_000 }, faults: [] };

test("a ledger that holds the answers is no finding", () => {
  expect(disagreements({ totals, report })).toEqual([]);
});

test.each([
  ["a row too few", { attempts: 99 }],
  ["an approval too many", { approved: 99 }],
  ["a cent too few", { debited: { EUR_CENT: 4_999 } }],
  ["a fault of the ledger itself", { faults: ["grant 1: spent above its amount"] }],
])("%s is a finding", (_what, change) => {
  expect(disagreements({ totals, report: { ...report, ...change } })).toHaveLength(1);
});

test("a bench of refusals is a finding", () => {
  const refused = { ...totals, approved: 88 };
  const findings = disagreements({ totals: refused, report: { ...report, approved: 88 } });
  expect(findings).toEqual(["only 88 of 100 were approved"]);
});

test("a quick run gives one object with every run, and its ledger agrees with its answers", async () => {
  const main = fileURLToPath(url("main.mjs"));
  const { stdout } = await promisify(execFile)(process.execPath, [main, "--quick", "--json"]);
  const { machine, runs } = JSON.parse(stdout);
  expect(machine).toMatchObject({ cores: expect.any(Number) });
  const named = (name: string) => runs.filter((run: { name: string }) => run.name === name);
  expect(named("fdatasync")).toHaveLength(1);
  for (const name of ["echo", "authorize"]) {
    const connections = named(name).map((run: { connections: number }) => run.connections);
    expect(connections).toEqual([1, 32, 128]);
    for (const run of named(name)) {
      for (const figure of ["perSecond", "p50Ms", "p99Ms", "p999Ms", "ratioToEcho"]) {
        expect(run[figure]).toBeGreaterThan(0);
      }
    }
  }
}, 120_000);
