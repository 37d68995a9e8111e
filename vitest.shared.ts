// What every run of vitest has in common.

import { defineConfig } from "vitest/config";

// Tests run on the sources of every workspace, so that a test never sees a stale build.
const conditions = ["pass-tpe-source", "node"];

/** Folders whose files are no tests of ours. */
export const EXCLUDED = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    exclude: EXCLUDED,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
