// Random tests of tills that share one journal: whatever is paused, taken over or killed, the money is right.

import { describe, expect, it } from "vitest";
import { Journal } from "../client/journal.js";
import type { TerminalDisk } from "../disk.js";
import { PassTpeError } from "../errors.js";
import { drawing, type Lane, Lanes } from "../test-kit/lanes.js";
import { SharedFolder } from "../test-kit/shared-folder.js";
import { Account, Ledger } from "../test-kit/shared-ledger.js";
import { SharedTill } from "../test-kit/shared-till.js";
import type { Hold } from "./hold.js";

const SEEDS = Number(process.env["LEASE_SEEDS"] ?? 60);
const FIRST_SEED = Number(process.env["LEASE_SEED"] ?? Date.now() % 1_000_000);

/** Some 30 ms for a seed, on a machine that is busy with other things. */
const TIMEOUT_MS = 300_000 + SEEDS * 500;

const TILLS = 3;
const LIVES = 3;
const SALES = 3;

/** Reads, writes and messages of a life, roughly: something befalls a till before one of them. */
const STEPS_OF_A_LIFE = 200;

interface Run {
  readonly faults: readonly string[];
  readonly account: Account;
}

/** What is built wrong in a till, to show that the test sees it. */
interface Mistake {
  readonly disk?: (disk: TerminalDisk) => TerminalDisk;
  readonly journal?: (journal: Journal) => Journal;
}

async function run(seed: number, mistake: Mistake = {}): Promise<Run> {
  const draw = drawing(seed);
  const lanes = new Lanes(draw);
  const net = lanes.add();
  const [folder, ledger, account] = [new SharedFolder(), new Ledger(), new Account()];

  const open = (lane: Lane, till: string, takeOver: boolean) => {
    const given = folder.diskOf(lane, { till, isAway: draw(2) === 0 });
    const disk = mistake.disk?.(given) ?? given;
    const spoil = mistake.journal ?? ((journal) => journal);
    return SharedTill.open({ lane, net, disk, ledger, account, draw, takeOver, spoil });
  };
  const rest = (lane: Lane) =>
    new Promise<void>((resolve) => {
      lane.clock.after(draw(20_000), resolve);
    });

  let living = TILLS;
  const broken = (thrown: unknown) => void account.broken.push(String(thrown));
  const live = async (till: string): Promise<void> => {
    for (let life = 0; life < LIVES; life += 1) {
      const lane = lanes.add();
      const died = new Promise<void>((resolve) => {
        const die = () => {
          lane.isDead = true;
          resolve();
        };
        const sleep = () => {
          lane.pausedUntilMs = lanes.nowMs + draw(60_000);
        };
        // Of four lives one ends by itself, one dies, and two are paused for longer or shorter than a lease.
        const happen = [null, die, sleep, sleep][draw(4)] ?? null;
        if (happen !== null) lane.mishap = { stepsLeft: draw(STEPS_OF_A_LIFE), happen };
      });
      await Promise.race([died, liveOnce(lane, `${till}, life ${life}`).catch(broken)]);
    }
    living -= 1;
  };
  const liveOnce = async (lane: Lane, till: string): Promise<void> => {
    let terminal: SharedTill;
    try {
      terminal = await open(lane, till, draw(3) > 0);
    } catch (thrown) {
      if (!(thrown instanceof PassTpeError) || thrown.code !== "JOURNAL_IN_USE") throw thrown;
      return;
    }
    for (let sale = 0; sale < SALES && !terminal.isClosed; sale += 1) {
      await terminal.sell();
      await rest(lane);
    }
    await terminal.close();
  };

  const lives = Promise.all(Array.from({ length: TILLS }, (_, till) => live(`till ${till}`)));
  await lanes.until(() => living === 0);
  await lives;
  if (account.broken.length > 0) return { faults: account.broken, account };
  const last = open(lanes.add(), "the last", true);
  let opened: SharedTill | null = null;
  void last.then((terminal) => {
    opened = terminal;
  });
  await lanes.until(() => opened?.isSettled ?? false);
  return { faults: account.faults(ledger, (await last).sales), account };
}

/** A hold whose checks are wrong, on files of which nobody asks whether they are still in place. */
function withHold(disk: TerminalDisk, change: (hold: Hold) => Partial<Hold>): TerminalDisk {
  return {
    ...disk,
    openForAppend: async (path) => {
      const { isInPlace: _, ...file } = await disk.openForAppend(path);
      return file;
    },
    lease: async (terms) => {
      const hold = await disk.lease?.(terms);
      if (hold === undefined) throw new Error("the shared folder leases");
      return {
        check: () => hold.check(),
        replace: (bytes) => hold.replace(bytes),
        watch: (watcher) => hold.watch(watcher),
        release: () => hold.release(),
        ...change(hold),
      };
    },
  };
}

/** A journal whose lease is not looked at before something is sent. */
function sentUnseen(journal: Journal): Journal {
  return new Proxy(journal, {
    get(target, name) {
      if (name === "whyNotHeld") return async () => null;
      const part: unknown = Reflect.get(target, name, target);
      return typeof part === "function" ? part.bind(target) : part;
    },
  });
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  "a lease that is never checked": {
    disk: (disk) => withHold(disk, () => ({ check: async () => undefined })),
  },
  "a lease that is not checked after a record was durable": {
    disk: (disk) => {
      let isDurable = false;
      const unchecked = withHold(disk, (hold) => ({
        check: async () => {
          if (!isDurable) await hold.check();
          isDurable = false;
        },
      }));
      return {
        ...unchecked,
        openForAppend: async (path) => {
          const file = await unchecked.openForAppend(path);
          const sync = async () => {
            await file.sync();
            isDurable = true;
          };
          return { ...file, sync };
        },
      };
    },
  },
  "a lease that is not looked at before something is sent": { journal: sentUnseen },
};

const SEEDS_OF_A_MISTAKE = 1_000;

async function firstFault(mistake: Mistake): Promise<number> {
  for (let seed = 1; seed <= SEEDS_OF_A_MISTAKE; seed += 1) {
    const { faults } = await run(seed, mistake);
    if (faults.length > 0) return seed;
  }
  return SEEDS_OF_A_MISTAKE;
}

describe("tills that share one journal", () => {
  it(
    `keep the money right in every order of steps (seeds from ${FIRST_SEED})`,
    async () => {
      const reasons = new Set<string>();
      for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed += 1) {
        const { faults, account } = await run(seed);
        expect({ seed, faults }).toEqual({ seed, faults: [] });
        for (const reason of account.takenOver) reasons.add(reason);
      }
      expect([...reasons].sort()).toEqual(["asked", "lapsed"]);
    },
    TIMEOUT_MS,
  );

  it.each(Object.entries(MISTAKES))(
    "are seen to lose money by %s",
    async (_name, mistake) => {
      const found = await firstFault(mistake);
      expect(found).toBeLessThan(SEEDS_OF_A_MISTAKE);
    },
    300_000,
  );
});

describe("a till on another machine", () => {
  /** What opening comes to, and how long it took in virtual time. */
  async function opening(lanes: Lanes, disk: TerminalDisk, lane: Lane) {
    const fromMs = lanes.nowMs;
    let end: string | null = null;
    void Journal.open({ path: "journal", disk, clock: lane.clock }).then(
      () => {
        end = "opened";
      },
      (thrown: unknown) => {
        end = thrown instanceof PassTpeError ? thrown.code : String(thrown);
      },
    );
    await lanes.until(() => end !== null);
    return { end, tookMs: lanes.nowMs - fromMs };
  }

  it("is left alone while it shows life, and succeeded once it has shown none for its lease", async () => {
    const lanes = new Lanes(drawing(1));
    const folder = new SharedFolder();
    const [first, second] = [lanes.add(), lanes.add()];
    const firstDisk = folder.diskOf(first, { till: "far away", isAway: true });
    const secondDisk = folder.diskOf(second, { till: "here", isAway: true });
    expect(await opening(lanes, firstDisk, first)).toMatchObject({ end: "opened" });
    const refused = await opening(lanes, secondDisk, second);
    expect(refused.end).toBe("JOURNAL_IN_USE");
    expect(refused.tookMs).toBeLessThan(15_000);
    first.isDead = true;
    const opened = await opening(lanes, secondDisk, second);
    expect(opened.end).toBe("opened");
    expect(opened.tookMs).toBeGreaterThanOrEqual(15_000);
    expect(opened.tookMs).toBeLessThan(20_000);
  });
});
