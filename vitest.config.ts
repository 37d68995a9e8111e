import { defineConfig } from "vitest/config";

// Tests run on the sources of every workspace, so that a test never sees a stale build.
const conditions = ["pass-tpe-source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [
      "gateway/**/src/**/*.test.ts",
      "terminal-sdk/src/**/*.test.ts",
      "simulators/src/**/*.test.ts",
      "tests/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
