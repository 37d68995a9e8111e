import { defineConfig, mergeConfig } from "vitest/config";
import shared from "./vitest.shared.js";

/**
 * Test files that leave nothing behind in their modules: a worker loads the sources once for all of them, and not for each
 * anew, which took longer than most of these tests.
 */
const TOGETHER = [
  "gateway/**/src/**/*.test.ts",
  "simulators/src/**/*.test.ts",
  "terminal-sdk/src/**/*.test.ts",
  "tests/{codes,contract-http,corpus,holders,http,operators,rules,secrets,settlement,setup,support,vectors}/**/*.test.ts",
];

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: "together", include: TOGETHER, isolate: false } },
        {
          extends: true,
          test: {
            name: "apart",
            include: ["tests/**/*.test.ts"],
            exclude: ["**/node_modules/**", "**/dist/**", ...TOGETHER],
          },
        },
      ],
    },
  }),
);
