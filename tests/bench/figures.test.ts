// From samples to figures, and from figures to what is held to be shown.

import { expect, test } from "vitest";

interface Sample {
  generator: string;
  latenciesMs: Float64Array;
  elapsedMs: number;
  answers: number;
  behindMs?: number;
}
interface RoundOfRun {
  name: string;
  connections: number;
  round: number;
}
interface AnyFigures {
  add(run: RoundOfRun, sample: Sample): void;
  runs(): Record<string, unknown>[];
}
interface FiguresModule {
  Figures: new () => AnyFigures;
  percentile(sorted: number[], share: number): number;
}
interface Target {
  name: string;
  wanted: number | null;
  measured: number | null;
  ok: boolean | null;
}
interface TargetsModule {
  targetsOf(found: { figures: AnyFigures; memory: object[] }): Target[];
}

const url = (file: string) => new URL(file, import.meta.url).href;
const { Figures, percentile }: FiguresModule = await import(url("figures.mjs"));
const { targetsOf }: TargetsModule = await import(url("targets.mjs"));

const sample = (latencies: number[], elapsedMs: number, generator = "node"): Sample => ({
  generator,
  latenciesMs: Float64Array.from(latencies),
  elapsedMs,
  answers: latencies.length,
});

test("a rate is the median of its rounds, and stands against the echo of the same round", () => {
  const figures = new Figures();
  const [echo, sales] = ["echo", "authorize"].map((name) => ({ name, connections: 32 }));
  figures.add({ ...echo, round: 1 } as RoundOfRun, sample([1, 1, 1, 1], 4));
  figures.add({ ...echo, round: 2 } as RoundOfRun, sample([1, 1], 4));
  figures.add({ ...sales, round: 1 } as RoundOfRun, { ...sample([2, 4], 8), behindMs: 2 });
  figures.add({ ...sales, round: 2 } as RoundOfRun, { ...sample([3, 5], 5), behindMs: 3 });
  expect(figures.runs().at(-1)).toEqual({
    name: "authorize",
    connections: 32,
    generator: "node",
    perSecond: 325,
    p50Ms: 3,
    p99Ms: 5,
    p999Ms: 5,
    maxMs: 5,
    ratioToEcho: 0.525,
    ratioToEchoRange: [0.25, 0.8],
    sustainedPerSecond: 225,
    sustainedRatioToEcho: 0.35,
    sustainedRatioToEchoRange: [0.2, 0.5],
  });
});

test("what one generator sent is held to the echo that the same one sent", () => {
  const figures = new Figures();
  figures.add({ name: "echo", connections: 1, round: 1 }, sample([1, 1, 1, 1], 1, "wrk"));
  figures.add({ name: "echo-node", connections: 1, round: 1 }, sample([1, 1], 1));
  figures.add({ name: "echo-tls", connections: 1, round: 1 }, sample([1], 1));
  figures.add({ name: "sales", connections: 1, round: 1 }, sample([1], 1, "wrk"));
  expect(figures.runs().map(({ ratioToEcho }) => ratioToEcho)).toEqual([1, 1, 0.5, 0.25]);
});

test("a percentile is a latency that was measured", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0.5, 0.99, 0.999].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
});

/** So many answers in a second, each after as many milliseconds. */
const second = (answers: number, ms: number) => sample(Array(answers).fill(ms), 1_000);

function figuresOf(runs: [string, number, Sample][]): AnyFigures {
  const figures = new Figures();
  for (const [name, connections, one] of runs) figures.add({ name, connections, round: 1 }, one);
  return figures;
}

const GOOD: [string, number, Sample][] = [
  ["echo", 1, second(100, 0.1)],
  ["echo", 32, second(1_000, 1)],
  ["echo-tls", 1, second(100, 0.2)],
  ["fdatasync", 1, second(100, 0.2)],
  ["authorize", 1, second(100, 1.1)],
  ["authorize-plain", 1, second(100, 0.8)],
  ["authorize-plain", 32, second(400, 2)],
  ["hot-merchant", 32, second(360, 2)],
  ["pgbench", 1, second(50, 2)],
  ["pgbench", 8, second(200, 2)],
  ["open-loop", 256, second(130, 10)],
];
const MEMORY = [{ name: "plain", residentBytes: 3e8, peakResidentBytes: 4e8 }];
const verdicts = (runs: typeof GOOD, memory = MEMORY) =>
  targetsOf({ figures: figuresOf(runs), memory }).map(({ ok }) => ok);

test("targets hold exactly at their bounds", () => {
  expect(verdicts(GOOD)).toEqual(Array(8).fill(true));
});

test.each<[string, number, number, Sample]>([
  ["authorize-plain", 32, 0, second(399, 2)],
  ["pgbench", 8, 1, second(201, 2)],
  ["hot-merchant", 32, 2, second(359, 2)],
  ["open-loop", 256, 3, sample([...Array(98).fill(1), 10.1, 10.1], 1_000)],
  ["open-loop", 256, 4, sample([...Array(998).fill(1), 25.1, 25.1], 1_000)],
  ["authorize-plain", 1, 5, second(100, 0.81)],
  ["authorize", 1, 6, second(100, 1.11)],
])("a worse %s at %i misses its target", (name, connections, missed, worse) => {
  const runs = GOOD.map<(typeof GOOD)[number]>((run) =>
    run[0] === name && run[1] === connections ? [name, connections, worse] : run,
  );
  expect(verdicts(runs)[missed]).toBe(false);
});

test("a gateway that grows misses its target, and what was not measured is not judged", () => {
  expect(verdicts(GOOD, [{ ...MEMORY[0], peakResidentBytes: 401e6 } as never]).at(-1)).toBe(false);
  const runs = GOOD.filter(([name]) => name !== "pgbench");
  expect(verdicts(runs)).toEqual([true, null, true, true, true, true, true, true]);
});
