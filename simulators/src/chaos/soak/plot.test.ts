// The picture names every measurement with its unit, and each has its line and axes.

import { expect, test } from "vitest";
import { BOUNDS } from "./bounds.js";
import { drawSoak } from "./plot.js";

test("every measurement has a title with its unit, a line, and both axes", () => {
  const one = { rssBytes: 2e8, heapBytes: 3e7, descriptors: 40 };
  const samples = [0, 500, 1_000].map((sales) => ({
    sales,
    seconds: sales / 50,
    gateway: one,
    tills: [one, one],
    journalBytes: sales * 500,
    databaseBytes: sales * 5_000,
    walBytes: 4e6,
  }));
  const svg = drawSoak(samples, "A soak");
  for (const { name, unit } of BOUNDS) {
    expect(svg).toContain(`${name}, ${unit === "bytes" ? "MiB" : "count"}`);
  }
  expect(svg.match(/<polyline/g)).toHaveLength(BOUNDS.length);
  expect(svg.match(/>sales</g)).toHaveLength(BOUNDS.length);
  expect(svg).toContain(">1,000<");
  expect(svg).not.toContain("NaN");
});
