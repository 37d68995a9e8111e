import { defineConfig, mergeConfig } from "vitest/config";
import shared from "./vitest.shared.js";

// `npm run bench:timing`: a measurement, and no part of the tests.
const config = mergeConfig(shared, defineConfig({ test: { testTimeout: 0, maxWorkers: 1 } }));
config.test = { ...config.test, include: ["tests/timing/*.measure.ts"] };
export default config;
