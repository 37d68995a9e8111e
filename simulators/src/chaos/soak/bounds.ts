// What may grow in a soak and how fast, and what may not: each with its reason.

import { slopeOf } from "./fit.js";
import type { SoakSample } from "./samples.js";

const KIB = 1024;
const MIB = 1024 * KIB;

/** What is left out of the fit: caches fill, connections open, code is compiled. */
const WARM_UP_SHARE = 0.3;

export interface Bound {
  readonly name: string;
  readonly unit: "bytes" | "count";
  readonly of: (sample: SoakSample) => number;
  /** The most by which the fitted line may grow while so many sales are made; null: it grows by what it is. */
  readonly growthMax: ((sales: number) => number) | null;
  /** The most that it may ever be; null: growth alone is bounded. */
  readonly valueMax: ((sample: SoakSample) => number) | null;
  readonly reason: string;
}

/** A finished sale in a journal with all its records: at most so many bytes on disk, and in memory. */
const JOURNAL_BYTES_OF_SALE = 1.25 * KIB;
const HEAP_BYTES_OF_SALE = 3 * KIB;

export const BOUNDS: readonly Bound[] = [
  {
    name: "gateway heap",
    unit: "bytes",
    of: ({ gateway }) => gateway.heapBytes,
    growthMax: () => 4 * MIB,
    valueMax: null,
    reason: "the gateway keeps nothing of a sale in memory",
  },
  {
    name: "gateway RSS",
    unit: "bytes",
    of: ({ gateway }) => gateway.rssBytes,
    growthMax: () => 32 * MIB,
    valueMax: null,
    reason: "as its heap; the allocator gives pages back late",
  },
  {
    name: "gateway descriptors",
    unit: "count",
    of: ({ gateway }) => gateway.descriptors,
    growthMax: () => 4,
    valueMax: null,
    reason: "one for each connection, and connections are kept",
  },
  {
    name: "tills heap",
    unit: "bytes",
    of: ({ tills }) => sum(tills, ({ heapBytes }) => heapBytes),
    growthMax: (sales) => sales * HEAP_BYTES_OF_SALE + 2 * MIB,
    valueMax: null,
    reason: "a terminal keeps its sales of nine days for the day's totals, at most 50,000",
  },
  {
    name: "tills descriptors",
    unit: "count",
    of: ({ tills }) => sum(tills, ({ descriptors }) => descriptors),
    growthMax: () => 4,
    valueMax: null,
    reason: "a journal and a few connections for each terminal",
  },
  {
    name: "journals",
    unit: "bytes",
    of: ({ journalBytes }) => journalBytes,
    growthMax: null,
    valueMax: ({ sales }) => sales * JOURNAL_BYTES_OF_SALE + MIB,
    reason: "a sale's records, kept for nine days",
  },
  {
    name: "write-ahead log",
    unit: "bytes",
    of: ({ walBytes }) => walBytes,
    growthMax: null,
    valueMax: () => 64 * MIB,
    reason: "checkpoints carry it into the database",
  },
  {
    name: "database",
    unit: "bytes",
    of: ({ databaseBytes }) => databaseBytes,
    growthMax: null,
    valueMax: null,
    reason: "the ledger is append-only",
  },
];

export interface Grown {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly most: number;
  /** By the line through what comes after the warm-up, from its first sale to its last. */
  readonly growth: number;
  readonly growthMax: number | null;
  /** Why it fails; null where it does not. */
  readonly fault: string | null;
}

/** Holds a soak's samples to every bound. */
export function grownOf(samples: readonly SoakSample[]): readonly Grown[] {
  return BOUNDS.map((bound) => grownBy(bound, samples));
}

function grownBy({ name, of, growthMax, valueMax, reason }: Bound, samples: readonly SoakSample[]) {
  const warm = samples.slice(Math.floor(samples.length * WARM_UP_SHARE));
  const [first, last] = [samples[0] ?? EMPTY_SAMPLE, samples.at(-1) ?? EMPTY_SAMPLE];
  const sales = last.sales - (warm[0] ?? last).sales;
  const slope = slopeOf(warm.map((sample) => ({ x: sample.sales, y: of(sample) })));
  const growth = Math.round(slope * sales);
  const most = growthMax?.(sales) ?? null;
  const above = samples.find((sample) => of(sample) > (valueMax?.(sample) ?? Infinity));
  const faults = [
    ...(most !== null && growth > most
      ? [`${name} grows by ${growth} in ${sales} sales, more than ${most}: ${reason}`]
      : []),
    ...(above === undefined
      ? []
      : [`${name} is ${of(above)} after ${above.sales} sales, more than its bound: ${reason}`]),
  ];
  return {
    name,
    first: of(first),
    last: of(last),
    most: Math.max(...samples.map(of)),
    growth,
    growthMax: most,
    fault: faults.length === 0 ? null : faults.join("; "),
  };
}

const EMPTY_PROCESS = { rssBytes: 0, heapBytes: 0, descriptors: 0 };
const EMPTY_SAMPLE: SoakSample = {
  sales: 0,
  seconds: 0,
  gateway: EMPTY_PROCESS,
  tills: [],
  journalBytes: 0,
  databaseBytes: 0,
  walBytes: 0,
};

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
