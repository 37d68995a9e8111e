import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../clock.js";
import type { AppendFile } from "../disk.js";
import type { Hold } from "../lease/hold.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { JOURNAL_COMPACT_BYTES, Journal } from "./journal.js";
import { formatLine } from "./journal-format.js";
import type { JournalRecord } from "./journal-records.js";
import { FINISHED_KEPT_MAX, FINISHED_KEPT_MS } from "./journal-state.js";

const PATH = "journal";

const attempt = (id: string, atMs = 1): JournalRecord => {
  return { type: "attempt", id, atMs, avantage: "SPECTACLE", purchaseCents: 1800 };
};
const answer = (id: string, outcome: "approved" | "declined"): JournalRecord => {
  return { type: "answer", id, atMs: 2, outcome, code: "X", amountCents: 1800 };
};
const mark = (
  id: string,
  type: "acknowledged" | "reversalOwed" | "reversalDone" | "reversalRefused",
) => {
  return { type, id, atMs: 3 } satisfies JournalRecord;
};

async function journalOf(records: readonly JournalRecord[], clock = new ManualClock()) {
  const disk = new MemoryDisk();
  disk.put(PATH, records.map(formatLine).join(""));
  return { disk, journal: await Journal.open({ path: PATH, disk, clock }) };
}

describe("what a journal still knows after a restart", () => {
  it.each<[string, JournalRecord[], { owed: string[]; unacknowledged: string[] }]>([
    ["an attempt without an answer is owed", [attempt("a")], { owed: ["a"], unacknowledged: [] }],
    [
      "a decline is finished",
      [attempt("a"), answer("a", "declined")],
      { owed: [], unacknowledged: [] },
    ],
    [
      "an approval waits for the till",
      [attempt("a"), answer("a", "approved")],
      { owed: [], unacknowledged: ["a"] },
    ],
    [
      "an acknowledged approval is finished",
      [attempt("a"), answer("a", "approved"), mark("a", "acknowledged")],
      { owed: [], unacknowledged: [] },
    ],
    [
      "an owed reversal stays owed",
      [attempt("a"), mark("a", "reversalOwed")],
      { owed: ["a"], unacknowledged: [] },
    ],
    [
      "a reversal that was acknowledged is finished",
      [attempt("a"), mark("a", "reversalOwed"), mark("a", "reversalDone")],
      { owed: [], unacknowledged: [] },
    ],
    [
      "a reversal that was refused for good is owed no more",
      [attempt("a"), mark("a", "reversalOwed"), mark("a", "reversalRefused")],
      { owed: [], unacknowledged: [] },
    ],
    [
      "a reversal that is asked for again after a refusal is owed",
      [attempt("a"), mark("a", "reversalRefused"), mark("a", "reversalOwed")],
      { owed: ["a"], unacknowledged: [] },
    ],
    [
      "an approval whose reversal was refused still waits for the till",
      [
        attempt("a"),
        answer("a", "approved"),
        mark("a", "reversalOwed"),
        mark("a", "reversalRefused"),
      ],
      { owed: [], unacknowledged: ["a"] },
    ],
    [
      "an approval that was reversed waits for nobody",
      [attempt("a"), answer("a", "approved"), mark("a", "reversalDone")],
      { owed: [], unacknowledged: [] },
    ],
  ])("%s", async (_case, records, expected) => {
    const { journal } = await journalOf(records);
    expect(journal.owedReversals()).toEqual(expected.owed);
    expect(journal.unacknowledged().map((sale) => sale.attempt.id)).toEqual(
      expected.unacknowledged,
    );
  });

  it("is the same after any number of restarts", async () => {
    const refused = [attempt("r"), mark("r", "reversalOwed"), mark("r", "reversalRefused")];
    const records = [...refused, attempt("a"), attempt("b"), answer("b", "approved"), attempt("c")];
    const { disk, journal } = await journalOf([...records, mark("c", "reversalOwed")]);
    const again = await Journal.open({ path: PATH, disk });
    expect(again.owedReversals()).toEqual(journal.owedReversals());
    expect(again.unacknowledged()).toEqual(journal.unacknowledged());
  });
});

describe("what a journal knows of captures and refunds", () => {
  const held: JournalRecord = { ...answer("a", "approved"), holdExpiresAtMs: 9 } as JournalRecord;
  const captureOwed: JournalRecord = { type: "captureOwed", id: "a", atMs: 3, amountCents: 700 };
  const captured: JournalRecord = { type: "captured", id: "a", atMs: 4, amountCents: 700 };
  const refundOwed: JournalRecord = { type: "refundOwed", id: "r", atMs: 3, of: "a" };
  const refundDone: JournalRecord = { type: "refundDone", id: "r", atMs: 4, code: "REFUNDED" };
  const end = (type: "captureRefused" | "refundRefused", id: string): JournalRecord => {
    return { type, id, atMs: 4 };
  };

  it.each<[string, JournalRecord[], { captures: string[]; refunds: string[] }]>([
    ["a hold owes nothing", [attempt("a"), held], { captures: [], refunds: [] }],
    [
      "a capture that was begun is owed",
      [attempt("a"), held, captureOwed],
      { captures: ["a"], refunds: [] },
    ],
    [
      "a capture that was made is not",
      [attempt("a"), held, captureOwed, captured],
      { captures: [], refunds: [] },
    ],
    [
      "a capture that was refused is not",
      [attempt("a"), held, captureOwed, end("captureRefused", "a")],
      { captures: [], refunds: [] },
    ],
    [
      "a capture of what is to be reversed rests in it until its end was told",
      [attempt("a"), held, captureOwed, mark("a", "reversalOwed")],
      { captures: ["a"], refunds: [] },
    ],
    [
      "a refund that was begun is owed, whoever sold",
      [refundOwed],
      { captures: [], refunds: ["r"] },
    ],
    ["a refund that was made is not", [refundOwed, refundDone], { captures: [], refunds: [] }],
    [
      "a refund that was refused is not",
      [refundOwed, end("refundRefused", "r")],
      { captures: [], refunds: [] },
    ],
    [
      "a refund that is asked for again after a refusal is owed",
      [refundOwed, end("refundRefused", "r"), refundOwed],
      { captures: [], refunds: ["r"] },
    ],
  ])("%s", async (_case, records, expected) => {
    const { journal } = await journalOf(records);
    expect(journal.owedCaptures()).toEqual(expected.captures);
    expect(journal.owedRefunds().map(({ owed }) => owed.id)).toEqual(expected.refunds);
  });

  it("is the same after a restart, whatever was recorded", async () => {
    const marks = ["acknowledged", "reversalOwed", "reversalDone", "reversalRefused"] as const;
    const any = fc.constantFrom(
      attempt("a"),
      held,
      captureOwed,
      captured,
      end("captureRefused", "a"),
      { type: "holdExpired", id: "a", atMs: 4 } as const,
      refundOwed,
      refundDone,
      end("refundRefused", "r"),
      mark("r", "acknowledged"),
      ...marks.map((type) => mark("a", type)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(any, { minLength: 1, maxLength: 15 }), async (records) => {
        const { journal, disk } = await journalOf([]);
        for (const record of records) await journal.append(record);
        // So early that nothing is old enough to be forgotten.
        const clock = { ...systemClock, nowMs: () => 5 };
        const again = await Journal.open({ path: PATH, disk, clock });
        expect(again.sales()).toEqual(journal.sales());
        expect(again.refunds()).toEqual(journal.refunds());
      }),
    );
  });

  it("is forgotten after its time, but for what is owed", async () => {
    const clock = new ManualClock();
    const { journal } = await journalOf(
      [
        attempt("lapsed"),
        { ...held, id: "lapsed" } as JournalRecord,
        attempt("a"),
        held,
        captureOwed,
        refundOwed,
        { ...refundOwed, id: "finished" } as JournalRecord,
        { ...refundDone, id: "finished" } as JournalRecord,
        attempt("young", clock.nowMs()),
      ],
      clock,
    );
    expect(journal.sales().map((sale) => sale.attempt.id)).toEqual(["a", "young"]);
    expect(journal.refunds().map(({ owed }) => owed.id)).toEqual(["r"]);
  });

  it("stays while something still happens to it: a day's totals need it", async () => {
    const clock = new ManualClock();
    const reversedAtMs = clock.nowMs() - 1;
    const { journal } = await journalOf(
      [
        attempt("a"),
        answer("a", "approved"),
        { type: "reversalDone", id: "a", atMs: reversedAtMs },
      ],
      clock,
    );
    expect(journal.find("a")).toBeDefined();
  });
});

describe("a damaged file", () => {
  const kept = [attempt("a"), answer("a", "approved")];
  const last = formatLine(mark("a", "acknowledged"));

  it("is read without a last line that is cut at any byte", async () => {
    for (let length = 0; length < last.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(PATH, kept.map(formatLine).join("") + last.slice(0, length));
      const journal = await Journal.open({ path: PATH, disk });
      expect(journal.unacknowledged().map((sale) => sale.answer)).toEqual([kept[1]]);
      await journal.append(mark("a", "acknowledged"));
      const again = await Journal.open({ path: PATH, disk });
      expect(again.unacknowledged()).toEqual([]);
    }
  });

  it("is refused when any byte before the last line has changed", async () => {
    const good = Buffer.from([...kept.map(formatLine), last].join(""));
    const firstLines = good.length - last.length;
    const anyByte = fc.integer({ min: 0, max: firstLines - 2 });
    const flip = fc.integer({ min: 1, max: 255 });
    await fc.assert(
      fc.asyncProperty(anyByte, flip, async (at, bits) => {
        const disk = new MemoryDisk();
        disk.put(PATH, good.with(at, (good[at] ?? 0) ^ bits));
        await expect(Journal.open({ path: PATH, disk })).rejects.toMatchObject({
          code: "JOURNAL_CORRUPT",
          actor: "integrator",
        });
      }),
    );
  });
});

describe("a file that is no journal of this version", () => {
  const newer = (): string => {
    const json = JSON.stringify({ type: "settled", id: "a", atMs: 1 });
    const checksum = createHash("sha256").update(json).digest("hex").slice(0, 16);
    return `${checksum} ${json}\n`;
  };

  it.each([
    ["one line of text", "my shopping list\n"],
    ["text without an end of line", "-----BEGIN PRIVATE KEY-----"],
    ["a JSON document", '{"credentials":1}'],
    ["NULs, and then text", "\0\0\0text"],
    ["binary data", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a])],
  ])("is refused and left alone: %s", async (_case, content) => {
    const disk = new MemoryDisk();
    disk.put(PATH, content);
    await expect(Journal.open({ path: PATH, disk })).rejects.toMatchObject({
      code: "JOURNAL_CORRUPT",
      message: expect.stringContaining("no journal"),
    });
    expect(await disk.read({ path: PATH })).toEqual(Buffer.from(content));
  });

  it("is opened as empty when all it holds is the beginning of a first line", async () => {
    const line = formatLine(attempt("a"));
    for (let length = 0; length < line.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(PATH, line.slice(0, length));
      const journal = await Journal.open({ path: PATH, disk });
      expect(journal.owedReversals()).toEqual([]);
    }
  });

  it("is opened as empty when a power cut left NULs of a first line, or of all but its beginning", async () => {
    for (const kept of [0, 1, 16, 17, 40]) {
      const disk = new MemoryDisk();
      const line = formatLine(attempt("a"));
      disk.put(PATH, line.slice(0, kept).padEnd(line.length, "\0"));
      const journal = await Journal.open({ path: PATH, disk });
      expect(journal.owedReversals()).toEqual([]);
    }
  });

  it.each(["null", "7", '"text"', "[]", "{}", "{", '{"type":"attempt"}'])(
    "is refused when a line holds no record under a right checksum: %s",
    async (json) => {
      const digits = createHash("sha256").update(json).digest("hex").slice(0, 16);
      const disk = new MemoryDisk();
      disk.put(PATH, `${formatLine(attempt("a"))}${digits} ${json}\n`);
      await expect(Journal.open({ path: PATH, disk })).rejects.toMatchObject({
        code: "JOURNAL_CORRUPT",
        message: expect.stringContaining("line 2: a line that no terminal wrote"),
      });
    },
  );

  it("is refused when a later version has written a good line of a kind that this one does not know", async () => {
    for (const text of [newer(), newer() + formatLine(attempt("a"))]) {
      const disk = new MemoryDisk();
      disk.put(PATH, text);
      await expect(Journal.open({ path: PATH, disk })).rejects.toMatchObject({
        code: "JOURNAL_CORRUPT",
        message: expect.stringContaining("later version"),
      });
      expect(disk.durable(PATH)).toBe(text);
    }
  });
});

describe("append", () => {
  it("resolves only once the record would survive a power cut", async () => {
    const { disk, journal } = await journalOf([]);
    let release = () => {};
    disk.onSync = () => new Promise<void>((resolve) => (release = resolve));
    let durable = false;
    const appended = journal.append(attempt("a")).then(() => {
      durable = true;
    });
    await new Promise(setImmediate);
    expect({ durable, disk: disk.durable(PATH) }).toEqual({ durable: false, disk: "" });
    release();
    await appended;
    expect(disk.durable(PATH)).toBe(formatLine(attempt("a")));
  });

  it("lets records that arrive during a sync share the next one", async () => {
    const { disk, journal } = await journalOf([]);
    let syncs = 0;
    disk.onSync = () => {
      syncs += 1;
    };
    await Promise.all(["a", "b", "c", "d"].map((id) => journal.append(attempt(id))));
    expect(syncs).toBe(2);
    expect(journal.owedReversals()).toEqual(["a", "b", "c", "d"]);
  });

  it("takes nothing more after a failed sync, until the journal is opened again", async () => {
    const { disk, journal } = await journalOf([]);
    disk.syncFailure = new Error("EIO");
    await expect(journal.append(attempt("a"))).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    disk.syncFailure = null;
    await expect(journal.append(attempt("b"))).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    const again = await Journal.open({ path: PATH, disk });
    await again.append(attempt("b"));
    expect(again.owedReversals()).toEqual(["b"]);
  });
});

describe("a journal with a lease", () => {
  /** A disk whose lease and file a test can make fail. */
  async function leased(change: { hold?: Partial<Hold>; file?: Partial<AppendFile> }) {
    const disk = new MemoryDisk();
    let releases = 0;
    const hold: Hold = {
      check: async () => undefined,
      replace: (bytes) => disk.replace({ path: PATH, bytes }),
      watch: () => undefined,
      release: async () => {
        releases += 1;
      },
      ...change.hold,
    };
    const given = Object.assign(Object.create(disk) as MemoryDisk, {
      read: (options: { path: string }) => disk.read(options),
      lease: async () => hold,
      openForAppend: async (path: string) => ({
        ...(await disk.openForAppend(path)),
        ...change.file,
      }),
    });
    const journal = await Journal.open({ path: PATH, disk: given });
    return { disk, journal, releases: () => releases };
  }

  it("refuses a record before which its lock could not be looked at, writes nothing, and takes the next one", async () => {
    let fails = false;
    const check = async () => {
      if (fails) throw new Error("ESTALE");
    };
    const { disk, journal } = await leased({ hold: { check } });
    fails = true;
    await expect(journal.append(attempt("a"))).rejects.toMatchObject({
      code: "JOURNAL_FAILED",
      message: expect.stringMatching(/ESTALE.*try again/),
    });
    fails = false;
    await journal.append(attempt("b"));
    expect(disk.durable(PATH)).toBe(formatLine(attempt("b")));
    expect(journal.owedReversals()).toEqual(["b"]);
  });

  it("gives its lease back although its file cannot be closed, and says so to each who closes it", async () => {
    const close = () => Promise.reject(new Error("EIO"));
    const { journal, releases } = await leased({ file: { close } });
    await expect(journal.close()).rejects.toThrow("EIO");
    await expect(journal.close()).rejects.toThrow("EIO");
    expect(releases()).toBe(1);
    expect(await journal.whyNotHeld()).toMatchObject({ code: "CLOSED" });
  });
});

describe("the file", () => {
  it("forgets finished sales after their time, and nothing that is open", async () => {
    const clock = new ManualClock();
    const oldMs = clock.nowMs() - FINISHED_KEPT_MS - 1;
    const { journal } = await journalOf(
      [
        attempt("finished", oldMs),
        answer("finished", "declined"),
        attempt("doubtful", oldMs),
        attempt("unacknowledged", oldMs),
        answer("unacknowledged", "approved"),
        attempt("recent", clock.nowMs()),
        answer("recent", "declined"),
      ],
      clock,
    );
    const known = ["finished", "doubtful", "unacknowledged", "recent"].filter(
      (id) => journal.find(id) !== undefined,
    );
    expect(known).toEqual(["doubtful", "unacknowledged", "recent"]);
  });

  it("keeps what is young by either clock: the terminal's may have been slow, and have been put right since", async () => {
    const clock = new ManualClock();
    const [nowMs, oldMs] = [clock.nowMs(), clock.nowMs() - FINISHED_KEPT_MS - 1];
    const declined = (id: string, atMs: number, decidedAtMs: number): JournalRecord[] => [
      attempt(id, atMs),
      { type: "answer", id, atMs, decidedAtMs, outcome: "declined", code: "X" },
    ];
    const { journal } = await journalOf(
      [...declined("slow clock", oldMs, nowMs), ...declined("old", oldMs, oldMs)],
      clock,
    );
    expect(journal.sales().map((sale) => sale.attempt.id)).toEqual(["slow clock"]);
  });

  it("keeps what is young where the clock is far ahead, at open and when the sale was noted", async () => {
    const [soldMs, yearMs] = [new ManualClock().nowMs(), 365 * 24 * 3_600_000];
    const ahead = { ...systemClock, nowMs: () => soldMs + yearMs };
    const declined = (id: string, atMs: number): JournalRecord[] => [
      attempt(id, atMs),
      { type: "answer", id, atMs, decidedAtMs: soldMs, outcome: "declined", code: "X" },
    ];
    const disk = new MemoryDisk();
    const records = [...declined("a", soldMs), ...declined("b", soldMs + yearMs)];
    disk.put(PATH, records.map(formatLine).join(""));
    const journal = await Journal.open({ path: PATH, disk, clock: ahead });
    expect(journal.sales().map((sale) => sale.attempt.id)).toEqual(["a", "b"]);
  });

  it("keeps every finished sale of a busy week, and drops the oldest only above its limit", async () => {
    const clock = new ManualClock();
    const atMs = clock.nowMs();
    const records = Array.from({ length: FINISHED_KEPT_MAX + 1 }, (_, index): JournalRecord[] => [
      attempt(`${index}`, atMs),
      { type: "answer", id: `${index}`, atMs, outcome: "declined", code: "X" },
    ]);
    expect(FINISHED_KEPT_MAX).toBeGreaterThanOrEqual(7 * 7_000);
    const { journal } = await journalOf(records.flat(), clock);
    expect(journal.sales()).toHaveLength(FINISHED_KEPT_MAX);
    expect(journal.find("0")).toBeUndefined();
  });

  it("that has grown too large is rewritten without them while the terminal runs", async () => {
    const { disk, journal } = await journalOf([attempt("doubtful")]);
    await journal.append(attempt("old"));
    const code = "A".repeat(JOURNAL_COMPACT_BYTES);
    await journal.append(attempt("new", new ManualClock().nowMs()));
    await journal.append({ type: "answer", id: "old", atMs: 2, outcome: "declined", code });
    await journal.close();
    expect(disk.durable(PATH).length).toBeLessThan(1_000);
    const again = await Journal.open({ path: PATH, disk });
    expect(again.owedReversals()).toEqual(["doubtful", "new"]);
  });

  it("is the same one wherever the process goes, although its path was relative", async () => {
    const [before, folder] = [process.cwd(), temporaryFolder()];
    onTestFinished(() => process.chdir(before));
    process.chdir(folder);
    const journal = await Journal.open({ path: PATH });
    process.chdir(before);
    await journal.append(attempt("a"));
    await journal.close();
    expect(readdirSync(folder)).toEqual([PATH]);
  });

  it("on a real disk is readable by its owner alone and is found again", async () => {
    const path = join(temporaryFolder(), "sub", "journal");
    const journal = await Journal.open({ path });
    await journal.append(attempt("a"));
    await journal.close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = await Journal.open({ path });
    expect(again.owedReversals()).toEqual(["a"]);
    await again.close();
  });
});
