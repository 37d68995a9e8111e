// What every run of vitest has in common.

import { defineConfig } from "vitest/config";

// Tests run on the sources of every workspace, so that a test never sees a stale build.
const conditions = ["pass-tpe-source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
