// The same attacks on a gateway whose ledger is a PostgreSQL database: what guards it is not the engine's.

import { openPostgres, postgresDriver } from "../../gateway/src/store/postgres/driver.js";
import { testPostgres } from "../support/postgres/test-postgres.js";
import { describeSystem } from "../support/suites.js";
import { attackOn } from "./rig.js";

const IN_TESTS = { allowsLossOfSalesInTests: true };

describeSystem("postgres")("on PostgreSQL", async () => {
  const postgres = testPostgres({
    prepare: async (url) => (await openPostgres({ url, ...IN_TESTS })).close(),
  });
  attackOn(async () => {
    const { url } = await postgres.database();
    return () => {
      // The tests' clock stands still, and is none that a database's is compared with.
      const { database: _, ...driver } = postgresDriver({ url, ...IN_TESTS });
      return driver;
    };
  });
  await import("./enumeration.test.js");
  await import("./messages.test.js");
  await import("./nfc-read.test.js");
  await import("./pin.test.js");
  await import("./qr.test.js");
  await import("./terminal.test.js");
});
