// However a chaos run ends, it leaves no process, no disk and no folder with keys behind.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { assertBuilt } from "./gateway-process.js";

const CHAOS = fileURLToPath(new URL("../../simulators/dist/chaos/main.js", import.meta.url));
const TIMEOUT_MS = 120_000;
const SOON = { timeout: 60_000 };
const EXIT_INTERRUPTED = 130;

interface Started {
  readonly chaos: ChildProcess;
  readonly ended: Promise<unknown>;
  readonly folder: string;
  /** Resolves with the first line that has this text. */
  readonly said: (text: string) => Promise<string>;
}

async function start(): Promise<Started> {
  assertBuilt(CHAOS);
  const args = [CHAOS, "--kills", "1000", "--terminals", "2"];
  const chaos = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => void chaos.kill("SIGKILL"));
  const lines: string[] = [];
  createInterface({ input: chaos.stderr }).on("line", (line) => lines.push(line));
  const said = (text: string) =>
    expect.poll(() => lines.find((line) => line.includes(text)), SOON).toBeDefined();
  await said("traces in ");
  const folder = /traces in ([^;]+);/.exec(lines.join("\n"))?.[1] ?? "";
  const lineWith = async (text: string) => {
    await said(text);
    return lines.find((line) => line.includes(text)) ?? "";
  };
  return { chaos, ended: once(chaos, "exit"), folder, said: lineWith };
}

/** Of the gateway that serves now. */
async function gatewayPid(folder: string): Promise<number> {
  const log = join(folder, "gateway.log");
  const text = () => (existsSync(log) ? readFileSync(log, "utf8") : "");
  await expect.poll(text, SOON).toContain('{"serving":');
  return Number(/"pid":(\d+)}\n/.exec(text())?.[1]);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The processes of a run's tills: each is given a file in the run's folder. */
function tillPids(folder: string): readonly number[] {
  const processes = readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name));
  return processes.filter((pid) => commandLine(pid).includes(join(folder, "T-"))).map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended since the list was made.
    return "";
  }
}

const isMounted = (folder: string) => readFileSync("/proc/mounts", "utf8").includes(folder);

test(
  "a Ctrl-C while it is being set up ends it",
  async () => {
    const { chaos, ended, folder, said } = await start();
    chaos.kill("SIGINT");
    await said("nothing was sold");
    expect(await ended).toEqual([EXIT_INTERRUPTED, null]);
    expect(existsSync(folder)).toBe(false);
    expect(isMounted(folder)).toBe(false);
  },
  TIMEOUT_MS,
);

test(
  "a kill that it cannot hear leaves nothing either, with the gateway paused",
  async () => {
    const { chaos, ended, folder } = await start();
    const gateway = await gatewayPid(folder);
    process.kill(gateway, "SIGSTOP");
    chaos.kill("SIGKILL");
    await ended;
    await expect.poll(() => isThere(gateway), SOON).toBe(false);
    await expect.poll(() => existsSync(folder), SOON).toBe(false);
    expect(isMounted(folder)).toBe(false);
  },
  TIMEOUT_MS,
);

test(
  "a second Ctrl-C does not wait for tills that settle",
  async () => {
    const { chaos, ended, folder, said } = await start();
    await expect.poll(() => tillPids(folder), SOON).toHaveLength(2);
    // Tills that stand still settle nothing: the run would wait for them.
    const tills = tillPids(folder);
    for (const till of tills) process.kill(till, "SIGSTOP");
    chaos.kill("SIGINT");
    await said("a second Ctrl-C");
    // The first of these may come so soon that it counts as the same.
    const ending = setInterval(() => chaos.kill("SIGINT"), 100);
    onTestFinished(() => clearInterval(ending));
    expect(await ended).toEqual([EXIT_INTERRUPTED, null]);
    await expect.poll(() => tills.filter(isThere), SOON).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(isMounted(folder)).toBe(false);
  },
  TIMEOUT_MS,
);
