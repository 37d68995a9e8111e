// Runs the built command line as a process of its own.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assertBuilt } from "../reliability/gateway-process.js";

const CLI = fileURLToPath(new URL("../../gateway/dist/cli.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  kill(signal: "SIGKILL" | "SIGINT"): void;
  readonly ended: Promise<Ended>;
}

type Environment = Readonly<Record<string, string>>;

/** Starts `pass-tpe` with arguments. @param more what its environment has beside this process's. */
export function start(args: readonly string[], more: Environment = {}): Running {
  assertBuilt(CLI);
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...more },
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...output }));
  });
  return { kill: (signal) => void child.kill(signal), ended };
}

/** Runs `pass-tpe` with arguments to its end. */
export function run(args: readonly string[], more: Environment = {}): Promise<Ended> {
  return start(args, more).ended;
}
