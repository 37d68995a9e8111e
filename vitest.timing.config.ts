import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.js";

// `npm run bench:timing`: a measurement, and no part of the tests.
const config = mergeConfig(usual, defineConfig({ test: { testTimeout: 0, maxWorkers: 1 } }));
config.test = { ...config.test, include: ["tests/timing/*.measure.ts"] };
export default config;
