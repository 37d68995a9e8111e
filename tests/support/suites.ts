// Suites that need a system service run wherever it is installed, and are left out only where the runner says so.

import { describe } from "vitest";

/** Suites that need something of the system: pcscd with vpcd, socat, strace, PostgreSQL, Patroni with etcd and HAProxy, or xmllint. */
export type SystemSuite = "pcsc" | "serial" | "strace" | "postgres" | "cluster" | "schema";

/** A comma list of suites to leave out. `npm test` sets it where a system package is missing, never with CI=true. */
const SKIPPED = (process.env["PASS_TPE_SKIP_SUITES"] ?? "").split(",");

/** `describe`, left out only where `PASS_TPE_SKIP_SUITES` names the suite. */
export function describeSystem(suite: SystemSuite) {
  return describe.skipIf(SKIPPED.includes(suite));
}
