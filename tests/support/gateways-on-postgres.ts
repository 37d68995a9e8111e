// Gateways on a PostgreSQL database, each with a folder of its own and all with the same keys.

import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { GatewayOptions } from "@pass-tpe/gateway";
import { startTestGateway, type TestGateway } from "./running-gateway.js";
import { tempFiles } from "./temp-folder.js";

/** Servers of tests wait for no disk. */
export const IN_TESTS = { allowsLossOfSalesInTests: true };

/** The folders of gateways on one database. Call it at the top of a test file. */
export function keyFolders() {
  const newFile = tempFiles();
  return {
    /** One that is not there yet. */
    fresh: () => newFile("gateway"),
    /** Another one, with the keys of this one. */
    besides(folder: string): string {
      const other = newFile("gateway");
      mkdirSync(other, { mode: 0o700 });
      cpSync(join(folder, "keys.json"), join(other, "keys.json"));
      return other;
    },
  };
}

/** Starts a gateway on a database; its folder stays where it is named. */
export function startOnPostgres(
  url: string,
  options: Partial<GatewayOptions> = {},
): Promise<TestGateway> {
  return startTestGateway({ database: { url, ...IN_TESTS }, ...options });
}
