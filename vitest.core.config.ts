// The tests of the decision core alone, for mutation testing: pure functions, so thousands of runs take minutes.

import { defineConfig } from "vitest/config";
import base from "./vitest.config.js";

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ["gateway/src/core/**/*.test.ts", "tests/rules/**/*.test.ts"],
  },
});
