// The gateways' user and database, made as an operator makes them.

import { execFileSync } from "node:child_process";
import { deployedPath, type Values } from "./deployed.js";

/**
 * Returns once they are committed, and with that on a standby.
 *
 * @param sockets the folder with the primary's socket
 * @throws Error with what psql said
 */
export function makeDatabase(sockets: string, passwords: Values): void {
  const file = deployedPath("database.sql");
  execFileSync("psql", ["-q", "-h", sockets, "-U", "postgres", "-f", file], {
    env: { ...process.env, ...passwords, PGPASSWORD: passwords["SUPERUSER_PASSWORD"] },
    stdio: ["ignore", "ignore", "pipe"],
  });
}
