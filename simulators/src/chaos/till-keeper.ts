// Keeps one till's process running: kills and pauses it as told, starts it again, and ends it with a settled day.

import { type ChildProcess, fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { News } from "./fact-file.js";
import type { Remains } from "./remains.js";
import type { FromTill, TillConfig, ToTill } from "./till-config.js";

/** As it was built, also where this runs from its source. */
const TILL = fileURLToPath(new URL("../../dist/chaos/till.js", import.meta.url));
const COMPLAINT_CHARS = 4_000;
/** Six processes start on what may be one core, over a bad network. */
export const SELLING_MS_MAX = 120_000;
/** A healed gateway must be able to settle a till's day in this. */
export const SETTLE_MS_MAX = 120_000;

export interface TillKeeper {
  readonly kills: number;
  /** Resolves when the first customer was served. Rejects when that takes too long, with its complaint. */
  selling(timeoutMs: number): Promise<void>;
  /** Ends it without warning and starts it again. */
  kill(): void;
  pause(): void;
  resume(): void;
  /** Ends its day. Resolves with what a person would have to look at; rejects when it is not settled in time. */
  settle(timeoutMs: number): Promise<readonly string[]>;
  /** Ends it for good. */
  end(): void;
  readonly failures: readonly string[];
}

/** Starts a till. */
export function keepTill(options: {
  readonly config: TillConfig;
  readonly folder: string;
  readonly tell: (news: News) => void;
  readonly remains: Pick<Remains, "child">;
}): TillKeeper {
  const { config, folder, tell, remains } = options;
  const { terminal } = config;
  const configFile = join(folder, "till.json");
  writeFileSync(configFile, JSON.stringify(config), { mode: 0o600 });
  const failures: string[] = [];
  let kills = 0;
  let isKilled = false;
  let hasSold: () => void = () => undefined;
  const sold = new Promise<void>((resolve) => {
    hasSold = resolve;
  });
  let hasSettled: (differences: readonly string[]) => void = () => undefined;
  const settled = new Promise<readonly string[]>((resolve) => {
    hasSettled = resolve;
  });
  let isOver = false;
  let child = start();

  function start(): ChildProcess {
    const started = fork(TILL, [configFile], {
      // It runs as it was built, also where whoever starts it runs from its source.
      execArgv: [],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Ctrl-C is for the run, which ends its tills in order.
      detached: true,
    });
    remains.child(started);
    let complaint = "";
    started.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = `${complaint}${text}`.slice(-COMPLAINT_CHARS);
    });
    started.on("message", (message: FromTill) => {
      if (message.type === "selling") hasSold();
      else hasSettled(message.differences);
    });
    started.once("close", (code) => {
      if (code === 0 || isOver) return;
      tell({ type: "terminalDied", terminal });
      if (!isKilled)
        failures.push(`the till ${terminal} ended by itself with ${code}: ${complaint}`);
      isKilled = false;
      child = start();
    });
    return started;
  }

  return {
    get kills() {
      return kills;
    },
    selling(timeoutMs) {
      const late = () => `${terminal} served nobody (${failures.at(-1) ?? "no complaint"})`;
      return within(sold, { timeoutMs, late });
    },
    kill() {
      if (isKilled || isOver) return;
      isKilled = true;
      kills += 1;
      child.kill("SIGKILL");
    },
    pause: () => void child.kill("SIGSTOP"),
    resume: () => void child.kill("SIGCONT"),
    settle(timeoutMs) {
      if (isOver) return Promise.resolve([]);
      const message: ToTill = { type: "settle" };
      child.send(message);
      return within(settled, { timeoutMs, late: () => `${terminal} was not settled` });
    },
    end() {
      isOver = true;
      child.kill("SIGKILL");
    },
    failures,
  };
}

/** @throws Error that says what was too late. */
function within<T>(
  work: Promise<T>,
  { timeoutMs, late }: { readonly timeoutMs: number; readonly late: () => string },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error(`${late()} within ${timeoutMs} ms`));
    const timer = setTimeout(giveUp, timeoutMs);
    void work.then((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}
