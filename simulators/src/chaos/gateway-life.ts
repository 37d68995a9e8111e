// One life of the gateway's process, by its own command line: started, killed, paused, and ended as an operator does.

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import type { Remains } from "./remains.js";

/** How long a gateway may take to answer its readiness before the run gives it up. */
export const READY_MS_MAX = 120_000;
const READY_PROBE_MS = 5;
const COMPLAINT_CHARS = 2_000;

export interface Ports {
  readonly terminals: number;
  readonly operators: number;
  readonly holders: number;
  readonly health: number;
}

export interface GatewayCommand {
  /** The program that takes the arguments of `pass-tpe`. */
  readonly program: string;
  readonly dataFolder: string;
  /** Where the ledger is, when it is in no file of the folder. */
  readonly databaseUrl?: string;
  readonly storeKeyFile: string;
  readonly programmeFile: string;
  readonly logFile: string;
  readonly ports: Ports;
  /** Given to node before the program; with a channel to this process then. */
  readonly nodeArgs?: readonly string[];
}

/** How a process ended, and the last that it said on stderr. */
export interface End {
  readonly code: number | null;
  readonly signal: string | null;
  readonly complaint: string;
}

export interface GatewayLife {
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  /** From its start until it said that it is ready; null where it ended before. */
  readonly readyAfterMs: Promise<number | null>;
}

/** Starts the process. What it can sell is no matter of how often: few terminals do here what many do. */
export function startGatewayLife(
  command: GatewayCommand,
  remains: Pick<Remains, "child">,
): GatewayLife {
  const { program, ports, nodeArgs } = command;
  const startedMs = performance.now();
  const args = [
    ...["serve", "--data", command.dataFolder, "--store-key", command.storeKeyFile],
    ...["--programme", command.programmeFile, "--terminal-rate", "0", "--card-rate", "0"],
    ...["--port", `${ports.terminals}`, "--operator-port", `${ports.operators}`],
    ...["--holder-port", `${ports.holders}`, "--health-port", `${ports.health}`],
  ];
  const child = spawn(process.execPath, [...(nodeArgs ?? []), program, ...args], {
    stdio: ["ignore", "pipe", "pipe", nodeArgs === undefined ? "ignore" : "ipc"],
    // Ctrl-C is for the run, which ends its gateway in order.
    detached: true,
    env: ledgerEnvironment(command),
  });
  remains.child(child);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the gateway has no output to read");
  let complaint = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = `${complaint}${text}`.slice(-COMPLAINT_CHARS);
  });
  stdout.pipe(createWriteStream(command.logFile, { flags: "a" }));
  const ended = new Promise<End>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, complaint }));
  });
  const serving = new Promise<true>((resolve) => {
    createInterface({ input: stdout }).on("line", (line) => {
      if (line.startsWith('{"serving":')) resolve(true);
    });
  });
  const ready = async () => {
    const isServing = await Promise.race([serving, ended]);
    if (isServing !== true || !(await isReady(ports.health, child))) return null;
    return performance.now() - startedMs;
  };
  return { child, ended, readyAfterMs: ready() };
}

/** The environment of a `pass-tpe`, which says where the ledger is. A password stays out of the list of processes. */
export function ledgerEnvironment({ databaseUrl }: Pick<GatewayCommand, "databaseUrl">) {
  const { DATABASE_URL: _ofWhoRunsThis, ...env } = process.env;
  return databaseUrl === undefined ? env : { ...env, DATABASE_URL: databaseUrl };
}

/** Whether it said so before it ended. @throws Error when it neither does nor ends. */
async function isReady(port: number, child: ChildProcess): Promise<boolean> {
  const giveUpMs = performance.now() + READY_MS_MAX;
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    // Left open, each would hold a connection of ours to a process that dies.
    await answer?.body?.cancel();
    if (answer?.status === 200) return true;
    if (performance.now() > giveUpMs) throw new Error(`no gateway ready in ${READY_MS_MAX} ms`);
    await pause(READY_PROBE_MS);
  }
  return false;
}
