// One machine with a database: etcd, and Patroni with its PostgreSQL; killed, paused and started again.

import { join } from "node:path";
import type { Remains } from "../chaos/remains.js";
import { makeFolder, type RunAs, writeOwnFile } from "./account.js";
import { deployed, type Values } from "./deployed.js";
import type { Node } from "./members.js";
import { killAt, processesAt, tellAt } from "./processes.js";
import { startProgram } from "./program.js";

export interface DatabaseNode {
  readonly logFiles: readonly string[];
  /** The folder with PostgreSQL's socket. */
  readonly sockets: string;
  /** Starts what does not run. */
  start(): void;
  /** Ends Patroni and PostgreSQL without warning (SIGKILL). etcd goes on. */
  killDatabase(): void;
  /** Ends everything without warning, as a machine does that loses its power. */
  kill(): void;
  /** Nothing of it moves (SIGSTOP), nor ends: whoever asks it anything waits. */
  pause(): void;
  /** What was paused goes on as if no time had passed. */
  resume(): void;
}

interface NodeOptions {
  readonly name: Node;
  /** Made here, for what the machine would keep on its disk. */
  readonly folder: string;
  /** What is the same on all nodes. */
  readonly values: Values;
  readonly address: string;
  readonly within: readonly string[];
  readonly runAs: RunAs;
  readonly remains: Remains;
}

/** Makes its folder and its configuration; starts nothing. */
export function makeNode(options: NodeOptions): DatabaseNode {
  const { name, folder, address, within, runAs, remains } = options;
  // Each program has a home of its own: by it one is found without the other.
  const [etcd, patroni] = [join(folder, "etcd"), join(folder, "patroni")];
  for (const made of [folder, etcd, patroni]) makeFolder(made, runAs);
  const values = {
    ...options.values,
    NODE: name,
    NODE_ADDRESS: address,
    ETCD_FOLDER: join(etcd, "data"),
    DATABASE_FOLDER: join(patroni, "data"),
    SOCKET_FOLDER: patroni,
  };
  const write = (file: string) => {
    const path = join(folder, file);
    writeOwnFile(path, deployed(file, values), runAs);
    return path;
  };
  const programs = [
    { home: etcd, command: ["/usr/bin/etcd", "--config-file", write("etcd.conf.yml")] },
    { home: patroni, command: ["/usr/bin/patroni", write("patroni.yml")] },
  ].map((program) => ({ ...program, logFile: join(program.home, "log") }));

  function start(): void {
    for (const { home, command, logFile } of programs) {
      if (processesAt(home).length > 0) continue;
      startProgram({ command, within, folder: home, logFile, runAs, remains });
    }
  }

  return {
    logFiles: programs.map(({ logFile }) => logFile),
    sockets: patroni,
    start,
    killDatabase: () => killAt(patroni),
    kill: () => killAt(folder),
    pause: () => tellAt(folder, "SIGSTOP"),
    resume: () => tellAt(folder, "SIGCONT"),
  };
}
