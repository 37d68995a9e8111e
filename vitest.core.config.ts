// The tests of the decision core alone, for mutation testing: pure functions, so thousands of runs take minutes.

import { defineConfig } from "vitest/config";
import base, { EXCLUDED } from "./vitest.shared.js";

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["gateway/src/core/**/*.test.ts"],
    // Its tests change the process's time zone, which the threads of a mutation run cannot.
    exclude: [...EXCLUDED, "gateway/src/core/time-zone.test.ts"],
  },
});
