// One program of a cluster, started where its member is: its output goes to a file, and its end is told.

import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, closeSync, openSync, readFileSync } from "node:fs";
import type { Remains } from "../chaos/remains.js";
import type { RunAs } from "./account.js";

const TAIL_LINES = 15;

export interface ProgramOptions {
  /** What is run, and its arguments. */
  readonly command: readonly string[];
  /** Comes before it, where its member has a network of its own. */
  readonly within: readonly string[];
  /** Its working directory: whatever it starts is known by it. */
  readonly folder: string;
  readonly logFile: string;
  readonly runAs: RunAs;
  readonly env?: Readonly<Record<string, string>>;
  readonly remains: Pick<Remains, "child">;
}

/** Starts it. A network of its own is entered by root, who becomes somebody else after that. */
export function startProgram(options: ProgramOptions): ChildProcess {
  const { command, within, folder, logFile, runAs, env, remains } = options;
  const inside = within.length > 0;
  const [program = "", ...args] = [...within, ...(inside ? asAccount(runAs) : []), ...command];
  const log = openSync(logFile, "a");
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", log, log],
    // Ctrl-C is for the run, which ends its programs itself.
    detached: true,
    ...(inside ? {} : runAs),
  });
  closeSync(log);
  child.once("error", ({ message }) => appendFileSync(logFile, `${message}\n`));
  return remains.child(child);
}

function asAccount({ uid, gid }: RunAs): readonly string[] {
  if (uid === undefined || gid === undefined) return [];
  return ["setpriv", `--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", "--"];
}

/** Resolves once it has ended. */
export function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
}

/** The last lines of a log, indented; nothing where there is none. */
export function tailOf(logFile: string): string {
  try {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-TAIL_LINES);
    return lines.map((line) => `    ${line}`).join("\n");
  } catch {
    return "    (no log)";
  }
}
