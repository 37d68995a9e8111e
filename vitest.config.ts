import { defineConfig, mergeConfig } from "vitest/config";
import shared, { EXCLUDED } from "./vitest.shared.js";

/** A test file that replaces a module of others (`vi.mock`) is named so: modules that are loaded already stay as they are. */
const ALONE = "**/*.alone.test.ts";

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
        {
          extends: true,
          test: {
            name: "together",
            include: TOGETHER,
            exclude: [...EXCLUDED, ALONE],
            isolate: false,
          },
        },
        {
          extends: true,
          test: {
            name: "apart",
            include: ["tests/**/*.test.ts", ALONE],
            exclude: [
              ...EXCLUDED,
              ...TOGETHER.map((files) => files.replace("*.test", "!(*.alone).test")),
            ],
          },
        },
      ],
    },
  }),
);
