// Takes leases in a real folder in which something goes wrong, and of owners of whom little can be known.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { systemClock, type TerminalClock } from "../clock.js";
import { fateOf, type LockOwner, thisProcess } from "../lock-owner.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { type LeaseFolder, nodeFolder } from "./folder.js";
import { headOf, type Lease, tailOf } from "./lease.js";
import { FileInUseError } from "./succession.js";
import { takeLease } from "./taking.js";

/** Long enough for a test to be surprised by nothing, where it waits for no lease. */
const LIFE_MS = 60_000;

/** The shortest life that a lock may have. */
const SHORT_MS = 1_000;

/** Nobody has this number: it is above every limit (proc(5), `pid_max`). */
const NO_PID = 2 ** 22 + 1;

let path: string;
let lock: string;
beforeEach(() => {
  path = join(temporaryFolder(), "journal");
  lock = `${path}.lock`;
  writeFileSync(path, "");
});

async function take(
  options: { folder?: LeaseFolder; clock?: TerminalClock; lifeMs?: number } = {},
): Promise<Lease> {
  const { folder = nodeFolder, clock = systemClock, lifeMs = LIFE_MS } = options;
  const owner = await thisProcess({ lifeMs });
  const lease = await takeLease({ folder, clock, path, owner, lifeMs, takeOver: false, fateOf });
  onTestFinished(() => lease.release());
  return lease;
}

async function ownerLike(change: Partial<Record<keyof LockOwner, unknown>>): Promise<LockOwner> {
  return { ...(await thisProcess({ lifeMs: LIFE_MS })), ...change } as LockOwner;
}

/** One whose process has died on this machine. */
const deadOwner = () => ownerLike({ pid: NO_PID, startedAt: "1" });

function leave(file: string, owner: LockOwner): void {
  writeFileSync(file, headOf(owner) + tailOf(0, 0));
}

const besides = () => readdirSync(dirname(path)).filter((name) => name !== "journal");

describe("a takeover that fails half-way", () => {
  it.each<[string, Partial<LeaseFolder>]>([
    ["the rename", { rename: () => Promise.reject(new Error("ENOSPC")) }],
    [
      "the sync after the rename",
      {
        rename: async (from, to) => {
          await nodeFolder.rename(from, to);
          throw new Error("EIO");
        },
      },
    ],
  ])("at %s leaves a lock that the next one takes", async (_case, broken) => {
    leave(lock, await deadOwner());
    await expect(take({ folder: { ...nodeFolder, ...broken } })).rejects.toThrow(/ENOSPC|EIO/);
    await take();
    expect(besides()).toEqual(["journal.lock"]);
  });

  it("at clearing up after itself has taken it all the same", async () => {
    const folder = { ...nodeFolder, remove: () => Promise.reject(new Error("EIO")) };
    const lease = await takeLease({
      folder,
      clock: systemClock,
      path,
      owner: await thisProcess({ lifeMs: LIFE_MS }),
      lifeMs: LIFE_MS,
      takeOver: false,
      fateOf,
    });
    await lease.check();
    await expect(lease.release()).rejects.toThrow("EIO");
  });
});

describe("what dead processes have left beside a lock", () => {
  it("is gone once somebody has taken it, and what may be somebody's stays", async () => {
    const [first, successor, far] = [
      await deadOwner(),
      await deadOwner(),
      await ownerLike({ machine: "far away" }),
    ];
    leave(lock, first);
    leave(`${lock}.after-${first.nonce}`, successor);
    leave(`${lock}.${successor.nonce}`, successor);
    leave(`${lock}.wish-${first.nonce}`, successor);
    leave(`${lock}.${far.nonce}`, far);
    await take();
    expect(besides().sort()).toEqual(["journal.lock", `journal.lock.${far.nonce}`].sort());
  });
});

describe("an owner of whom this machine knows only what it writes", () => {
  /** A process that is certainly there. */
  async function another(): Promise<number> {
    const child = spawn("sleep", ["60"]);
    onTestFinished(() => void child.kill());
    await once(child, "spawn");
    return child.pid ?? 0;
  }

  it("is one whose number may be another program's by now: it is watched for its lease", async () => {
    const owner = await ownerLike({ pid: await another(), startedAt: null, lifeMs: SHORT_MS });
    expect(await fateOf(owner)).toBe("elsewhere");
    leave(lock, owner);
    await take({ lifeMs: SHORT_MS });
  });

  it("keeps its lease while it renews it, though a challenger was held up between reading and judging", async () => {
    const far = await ownerLike({ machine: "far away", lifeMs: SHORT_MS });
    leave(lock, far);
    let nowMs = 0;
    const clock: TerminalClock = {
      ...systemClock,
      monotonicMs: () => nowMs,
      after: (delayMs, run) => {
        const timer = setImmediate(() => {
          nowMs += delayMs;
          run();
        });
        return () => clearImmediate(timer);
      },
    };
    let reads = 0;
    const folder: LeaseFolder = {
      ...nodeFolder,
      async read(file) {
        const text = await nodeFolder.read(file);
        if (file !== lock) return text;
        reads += 1;
        // Held up once for more than a lease, in which the owner shows life, and goes on showing it.
        if (reads === 2) nowMs += 2 * SHORT_MS;
        if (reads > 1) writeFileSync(lock, headOf(far) + tailOf(reads, 0));
        return text;
      },
    };
    await expect(take({ folder, clock, lifeMs: SHORT_MS })).rejects.toThrow(FileInUseError);
    expect(readFileSync(lock, "utf8")).toContain(far.nonce);
  });
});

describe("a lock file with a life that no lock has", () => {
  it.each(["x", 0, -1, 1.5, 999, 10 * 60_000 + 1, 1e300, {}])(
    "is no lock, and nobody waits for it: %j",
    async (lifeMs) => {
      leave(lock, await ownerLike({ machine: "far away", lifeMs }));
      await expect(take()).rejects.toThrow(/no lock of a terminal.*remove that file/);
    },
  );
});
