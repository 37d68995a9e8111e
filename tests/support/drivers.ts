// The kinds of driver that a store can stand on: whatever is held to hold on every driver is tried on each of these.

import { describe } from "vitest";
import type { Awaitable, Driver } from "../../gateway/src/store/driver.js";
import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { openPostgres } from "../../gateway/src/store/postgres/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { testPostgres } from "./postgres/test-postgres.js";
import { describeSystem, type SystemSuite } from "./suites.js";
import { tempFiles } from "./temp-folder.js";

/** Makes an empty driver. */
export type MakeDriver = () => Awaitable<Driver>;

interface DriverKind {
  readonly name: string;
  /** What it needs of the system, where that is anything. */
  readonly needs?: SystemSuite;
  readonly make: MakeDriver;
}

const newFile = tempFiles();

/** What every other kind is held to. */
const REFERENCE: DriverKind = { name: "memory", make: memoryDriver };

const IN_TESTS = { allowsLossOfSalesInTests: true };

const postgres = testPostgres({
  prepare: async (url) => (await openPostgres({ url, ...IN_TESTS })).close(),
});

const OTHERS: readonly DriverKind[] = [
  { name: "SQLite", make: () => sqliteDriver(newFile()) },
  {
    name: "PostgreSQL",
    needs: "postgres",
    make: async () => openPostgres({ url: (await postgres.database()).url, ...IN_TESTS }),
  },
];

/** Describes something on every kind of driver. */
export const describeDrivers = describeEach([REFERENCE, ...OTHERS]);

/** Describes something on every kind but the reference, which it can compare with. */
export const describeOtherDrivers = describeEach(OTHERS);

function describeEach(kinds: readonly DriverKind[]) {
  return (title: (name: string) => string, tests: (makeDriver: MakeDriver) => void): void => {
    for (const { name, needs, make } of kinds) {
      const describeKind = needs === undefined ? describe : describeSystem(needs);
      describeKind(title(name), () => tests(make));
    }
  };
}
