// The bounds of a step: whatever the tills send, the chain does not fall behind for good.

import { expect, it } from "vitest";
import { BATCH_MAX } from "../engine.js";
import { readTogether, SEALED_PER_STEP_MAX } from "./seal.js";

it.each([1, 8, 12, 13, 32, BATCH_MAX])(
  "seals no fewer rows than sales make meanwhile, %i to a commit and two rows each",
  (sales) => {
    const readings = SEALED_PER_STEP_MAX / (2 * readTogether(sales));
    // A commit of sales goes before each reading, and one before the links are written.
    const commits = readings + 1;
    expect(SEALED_PER_STEP_MAX).toBeGreaterThanOrEqual(commits * sales * 2);
  },
);
