// Starts a command that prints one line of JSON with its address, so that a test can kill it or watch its system calls.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ServingProcess {
  readonly url: string;
  /** Resolves when the process has ended, in whatever way. */
  readonly ended: Promise<void>;
  /** Ends it without warning (SIGKILL); nothing where it has ended. */
  kill(): void;
  /** Ends it as an operator does (SIGTERM), and waits for the end. Resolves with its exit code. */
  terminate(): Promise<number | null>;
}

/**
 * Resolves once the process has printed `{ "serving": URL, "pid": N }` among its lines of JSON. The pid is that of
 * the server itself, which may run below another command such as strace.
 */
export async function startServing(commandLine: readonly string[]): Promise<ServingProcess> {
  const [command = "", ...args] = commandLine;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", reject);
  });
  const serving = new Promise<{ url: string; pid: number }>((resolve) => {
    // Reading goes on after the address: a log that nobody reads would stop the process.
    createInterface({ input: child.stdout }).on("line", (line) => {
      const { serving: url, pid } = JSON.parse(line);
      if (typeof url === "string") resolve({ url, pid });
    });
  });
  const early = ended.then(() => {
    throw new Error(`${command} ended before it served: ${complaints}`);
  });
  const { url, pid } = await Promise.race([serving, early]);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    url,
    ended,
    kill() {
      if (isRunning()) process.kill(pid, "SIGKILL");
    },
    async terminate() {
      process.kill(pid, "SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}
