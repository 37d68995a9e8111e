// What grows is found, what does not is not, and each fault names its bound.

import { expect, test } from "vitest";
import { grownOf } from "./bounds.js";
import type { SoakSample } from "./samples.js";

const MIB = 1024 ** 2;
const flat = { rssBytes: 100 * MIB, heapBytes: 30 * MIB, descriptors: 20 };

function samples(change: (sales: number) => Partial<SoakSample>): readonly SoakSample[] {
  return Array.from({ length: 41 }, (_, index) => {
    const sales = index * 1_000;
    const same = { gateway: flat, tills: [flat], journalBytes: 0, databaseBytes: 0, walBytes: 0 };
    return { sales, seconds: index, ...same, ...change(sales) };
  });
}

const faultsOf = (all: readonly SoakSample[]) => grownOf(all).flatMap(({ fault }) => fault ?? []);

test("what stays, rises and falls, or settles after a warm-up has no fault", () => {
  const settled = samples((sales) => ({
    gateway: { ...flat, heapBytes: Math.min(30, 10 + sales / 200) * MIB },
    tills: [{ ...flat, descriptors: 20 + (sales % 3_000 === 0 ? 5 : 0) }],
    databaseBytes: sales * 5_000,
  }));
  expect(faultsOf(settled)).toEqual([]);
});

test.each([
  [
    "gateway heap",
    (sales: number) => ({ gateway: { ...flat, heapBytes: 30 * MIB + sales * 300 } }),
  ],
  [
    "gateway RSS",
    (sales: number) => ({ gateway: { ...flat, rssBytes: 90 * MIB + sales * 2_000 } }),
  ],
  [
    "gateway descriptors",
    (sales: number) => ({ gateway: { ...flat, descriptors: 20 + sales / 2_000 } }),
  ],
  ["tills heap", (sales: number) => ({ tills: [{ ...flat, heapBytes: sales * 4_000 }] })],
  ["tills descriptors", (sales: number) => ({ tills: [{ ...flat, descriptors: sales / 2_000 }] })],
  ["journals", (sales: number) => ({ journalBytes: sales * 2_000 })],
  ["write-ahead log", (sales: number) => ({ walBytes: sales * 3_000 })],
])("growth of %s is a fault that names it", (name, change) => {
  const faults = faultsOf(samples(change));
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(name);
});
