// The command line says what is wrong with it, and every run has a seed.

import { expect, test } from "vitest";
import { CHAOS_HELP, isUsageError, readChaosOptions } from "./options.js";

test("a number of kills alone is not cut short by the time", () => {
  expect(readChaosOptions(["--kills", "1000"])).toMatchObject({ kills: 1_000, minutesMax: 1_440 });
  expect(readChaosOptions([])).toMatchObject({ kills: null, minutesMax: 2 });
});

test("a seed is drawn where none is given, and kept where one is", () => {
  expect(readChaosOptions([])?.seed).toEqual(expect.any(Number));
  expect(readChaosOptions(["--seed", "7"])?.seed).toBe(7);
});

test("a start may take two seconds, where a slow machine is not given more", () => {
  expect(readChaosOptions([])?.readyMsMax).toBe(2_000);
  expect(readChaosOptions(["--ready-ms", "9000"])?.readyMsMax).toBe(9_000);
});

test.each([
  ["--kills", "many"],
  ["--kills", "1.5"],
  ["--minutes", "0"],
  ["--terminals", "51"],
  ["--seed", "-1"],
  ["--ready-ms", "0"],
  ["--speed", "1"],
])("%s %s is refused as the command line's fault", (option, value) => {
  let thrown: unknown;
  try {
    readChaosOptions([option, value]);
  } catch (error) {
    thrown = error;
  }
  expect(isUsageError(thrown)).toBe(true);
});

test("help names every option that is read", () => {
  expect(readChaosOptions(["--help"])).toBeNull();
  for (const option of [
    "minutes",
    "kills",
    "terminals",
    "ready-ms",
    "seed",
    "disk",
    "gateway",
    "json",
    "keep",
  ]) {
    expect(CHAOS_HELP).toContain(`--${option}`);
  }
});
