// Starts a command that prints one line of JSON with its address, so that a test can kill it or watch its system calls.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface ServingProcess {
  readonly url: string;
  /** Of the server itself, which may run below another command. */
  readonly pid: number;
  /** Where it tells of its health; empty where it tells none. */
  readonly healthUrl: string;
  /** Every line that it printed until now. */
  readonly lines: readonly string[];
  /** Reads no more of what it prints, so that its pipe fills. */
  holdLog(): void;
  /** Reads on. */
  readLog(): void;
  /** Resolves with the exit code once it has ended by itself or was ended; null where a signal ended it. */
  readonly exitCode: Promise<number | null>;
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
 *
 * @param more what its environment has beside this process's.
 */
export async function startServing(
  commandLine: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<ServingProcess> {
  const [command = "", ...args] = commandLine;
  const env = { ...process.env, ...more };
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("close", () => resolve());
    child.once("error", reject);
  });
  const lines: string[] = [];
  const log = createInterface({ input: child.stdout });
  const serving = new Promise<{ url: string; pid: number; healthUrl: string }>((resolve) => {
    // Reading goes on after the address: a log that nobody reads would stop the process.
    log.on("line", (line) => {
      lines.push(line);
      const { serving: url, pid, health: healthUrl = "" } = JSON.parse(line);
      if (typeof url === "string") resolve({ url, pid, healthUrl });
    });
  });
  const early = ended.then(() => {
    throw new Error(`${command} ended before it served, with ${child.exitCode}: ${complaints}`);
  });
  const { url, pid, healthUrl } = await Promise.race([serving, early]);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    url,
    pid,
    healthUrl,
    lines,
    ended,
    holdLog: () => void log.pause(),
    readLog: () => void log.resume(),
    exitCode: ended.then(() => child.exitCode),
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
