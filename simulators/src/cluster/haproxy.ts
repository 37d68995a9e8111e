// HAProxy of a cluster: it leads to whoever is primary, and to gateways that are ready.

import { join } from "node:path";
import type { Remains } from "../chaos/remains.js";
import { makeFolder, type RunAs, writeOwnFile } from "./account.js";
import { deployed, type Values } from "./deployed.js";
import { FRONT } from "./members.js";
import { startProgram } from "./program.js";

export const haproxyLog = (folder: string): string => join(folder, FRONT, "log");

/** Starts it, in this machine's own network, as the account that runs the databases. */
export function startHaproxy(options: {
  /** Of the cluster. */
  readonly folder: string;
  readonly values: Values;
  readonly runAs: RunAs;
  readonly remains: Remains;
}): void {
  const { folder, values, runAs, remains } = options;
  const home = join(folder, FRONT);
  makeFolder(home, runAs);
  const file = join(home, "haproxy.cfg");
  writeOwnFile(file, deployed("haproxy.cfg", values), runAs);
  const command = ["/usr/sbin/haproxy", "-f", file];
  startProgram({ command, within: [], folder: home, logFile: haproxyLog(folder), runAs, remains });
}
