// How large the journal grows, in the file and in memory, and what a crash leaves of it at any byte.

import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Amount } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import type { AppendFile, TerminalDisk } from "../disk.js";
import { temporaryFolder } from "../test-kit/fixtures.js";
import { ManualClock } from "../test-kit/manual-clock.js";
import { MemoryDisk } from "../test-kit/memory-disk.js";
import { JOURNAL_BYTES_MAX, JOURNAL_COMPACT_BYTES, Journal } from "./journal.js";
import { formatLine } from "./journal-format.js";
import type { JournalRecord } from "./journal-records.js";
import { FINISHED_KEPT_MAX } from "./journal-state.js";

const DAY_MS = 24 * 3_600_000;
const PATH = "journal";

function saleAt(id: string, atMs: number): JournalRecord[] {
  return [
    { type: "attempt", id, atMs, avantage: "SPECTACLE", purchaseCents: 1_800 },
    {
      type: "answer",
      id,
      atMs,
      decidedAtMs: atMs,
      outcome: "approved",
      code: "APPROVED",
      amountCents: 1_800,
      collectCents: 0,
      unit: "EUR_CENT",
    },
    { type: "acknowledged", id, atMs },
  ];
}

/** A disk that keeps only how long its one file is, so that what a test measures is the journal's own. */
class CountingDisk extends MemoryDisk {
  bytes = 0;
  bytesMax = 0;

  override async replace({ bytes }: { path: string; bytes: Uint8Array }): Promise<void> {
    this.bytes = bytes.length;
  }

  override async openForAppend(): Promise<AppendFile> {
    return {
      append: async (bytes) => {
        this.bytes += bytes.length;
        this.bytesMax = Math.max(this.bytesMax, this.bytes);
      },
      sync: async () => undefined,
      close: async () => undefined,
    };
  }
}

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("a journal of 100,000 sales", () => {
  it("stays below nine days' sales and what it may grow by, and so does the memory", async () => {
    const [days, salesADay] = [100, 1_000];
    const clock = new ManualClock();
    const disk = new CountingDisk();
    const journal = await Journal.open({ path: PATH, disk, clock });
    const heaps: number[] = [];
    for (let day = 0; day < days; day += 1) {
      const records = Array.from({ length: salesADay }, (_, sale) =>
        saleAt(`00000000-0000-7000-8000-${day * salesADay + sale}`.padEnd(36, "0"), clock.nowMs()),
      );
      // Each sale's three records in turn, as many sales at once as the queue takes.
      for (let from = 0; from < salesADay; from += 250) {
        const some = records.slice(from, from + 250).flat();
        await Promise.all(some.map((record) => journal.append(record)));
      }
      clock.advance(DAY_MS);
      if (day === days / 2 || day === days - 1) heaps.push(heapBytes());
    }
    const saleBytes = Buffer.byteLength(
      saleAt("0".repeat(36), clock.nowMs()).map(formatLine).join(""),
    );
    const keptBytes = 10 * salesADay * saleBytes;
    expect(disk.bytesMax).toBeLessThan(keptBytes + JOURNAL_COMPACT_BYTES + 1_000_000);
    const [half = 0, whole = 0] = heaps;
    // Wherever the two measurements stand between two rewritings, they differ by less than one of them drops.
    expect(whole - half).toBeLessThan(3 * JOURNAL_COMPACT_BYTES);
    await journal.close();
    const again = saleBytes * journal.sales().length;
    expect(again).toBeLessThan(keptBytes + JOURNAL_COMPACT_BYTES);
  }, 120_000);
});

describe("a journal of as many finished sales and refunds as it keeps", () => {
  it("can be opened again, whatever became of each", () => {
    const [id, atMs] = ["0".repeat(36), 1_700_000_000_000];
    const avantage = "A".repeat(40);
    const parts = { amountCents: 1_000_000, quantity: 1_000, decidedAtMs: atMs };
    const sale: JournalRecord[] = [
      { type: "attempt", id, atMs, avantage, purchaseCents: 1_000_000, quantity: 1_000 },
      {
        type: "answer",
        id,
        atMs,
        ...parts,
        outcome: "approved",
        code: avantage,
        collectCents: 1_000_000,
        unit: avantage,
        holdExpiresAtMs: atMs,
      },
      { type: "captureOwed", id, atMs, amountCents: 1_000_000, quantity: 1_000 },
      { type: "captured", id, atMs, ...parts, collectCents: 1_000_000 },
      { type: "acknowledged", id, atMs },
      { type: "reversalRefused", id, atMs },
      { type: "reversalOwed", id, atMs, reason: "automatic" },
      { type: "reversalDone", id, atMs, decidedAtMs: atMs, returnedValue: 1_000_000 },
    ];
    const returned = { unit: avantage, value: 1_000_000 } as Amount;
    const refund: JournalRecord[] = [
      { type: "refundOwed", id, atMs, of: id, amountCents: 1_000_000, quantity: 1_000 },
      { type: "refundDone", id, atMs, decidedAtMs: atMs, code: avantage, avantage, returned },
      { type: "acknowledged", id, atMs },
    ];
    const bytes = Buffer.byteLength([...sale, ...refund].map(formatLine).join(""));
    const mostBytes = FINISHED_KEPT_MAX * bytes + JOURNAL_COMPACT_BYTES;
    expect(mostBytes).toBeLessThan(JOURNAL_BYTES_MAX);
  });
});

describe("a crash", () => {
  const [attempt, answer, acknowledged] = saleAt("a", 1) as [
    JournalRecord,
    JournalRecord,
    JournalRecord,
  ];
  const owed: JournalRecord = { type: "reversalOwed", id: "a", atMs: 2 };
  const done: JournalRecord = { type: "reversalDone", id: "a", atMs: 3 };

  it.each([
    ["an attempt", [], attempt, [[], ["a"]]],
    ["an approval", [attempt], answer, [["a"], []]],
    ["an acknowledgement", [attempt, answer], acknowledged, [[], []]],
    ["an owed reversal", [attempt, answer], owed, [[], ["a"]]],
    ["a reversal", [attempt, owed], done, [["a"], []]],
  ])("at any byte of %s leaves what was before it", async (_case, before, record, expected) => {
    const line = formatLine(record);
    for (let length = 0; length <= line.length; length += 1) {
      const disk = new MemoryDisk();
      disk.put(PATH, before.map(formatLine).join("") + line.slice(0, length));
      const journal = await Journal.open({ path: PATH, disk });
      const isWhole = length === line.length;
      expect([length, journal.owedReversals()]).toEqual([length, expected[isWhole ? 1 : 0]]);
    }
  });

  it("at any byte of a rewriting leaves the file as it was, and no rubbish", async () => {
    const folder = temporaryFolder();
    const path = join(folder, PATH);
    const text = [attempt, owed].map(formatLine).join("");
    for (let length = 0; length <= text.length; length += 1) {
      writeFileSync(path, text);
      writeFileSync(`${path}.new-00000000-0000-4000-8000-000000000000`, text.slice(0, length));
      const journal = await Journal.open({ path });
      expect(journal.owedReversals()).toEqual(["a"]);
      await journal.close();
      expect(readdirSync(folder)).toEqual([PATH]);
    }
  }, 60_000);

  it("before or after the rename of a rewriting while the terminal runs loses nothing", async () => {
    for (const isRenamed of [false, true]) {
      const disk = new MemoryDisk();
      let left: MemoryDisk | null = null;
      const crashing: TerminalDisk = Object.assign(Object.create(disk) as MemoryDisk, {
        replace: async (options: { path: string; bytes: Uint8Array }) => {
          if (!isRenamed) left = disk.afterPowerCut();
          await disk.replace(options);
          if (isRenamed) left = disk.afterPowerCut();
        },
        read: (options: { path: string }) => disk.read(options),
        openForAppend: (name: string) => disk.openForAppend(name),
        lock: () => disk.lock(),
      });
      const journal = await Journal.open({ path: PATH, disk: crashing });
      await journal.append(attempt);
      const code = "A".repeat(JOURNAL_COMPACT_BYTES);
      await journal.append({ type: "answer", id: "a", atMs: 2, outcome: "approved", code });
      await journal.append({ type: "attempt", id: "b", atMs: 3, avantage: "SPECTACLE" });
      await journal.close();
      if (left === null) throw new Error("nothing was rewritten");
      const again = await Journal.open({ path: PATH, disk: left });
      expect(again.unacknowledged().map((sale) => sale.attempt.id)).toEqual(["a"]);
    }
  });
});
