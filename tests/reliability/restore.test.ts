// A ledger restored from its archive: as it was at the instant, whole, never over anything.

import { createHash } from "node:crypto";
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, test, vi } from "vitest";
import { pathsOfArchive } from "../../gateway/src/archive/paths.js";
import {
  type ArchivedShop,
  archivedShop,
  basesOf,
  copyOf,
  ledgerIn,
  linesIn,
  restoredLedger,
  restoreFrom,
  scratchFolder,
} from "./archived.js";

/** Processes start here, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const SECOND_BASE_WITHIN_MS = 20_000;

/** A gateway that moves its log into the database at every opportunity: many fillings, one base. */
function shopOfManyFillings(folder?: string): Promise<ArchivedShop> {
  const archive = { folder: folder ?? join(scratchFolder(), "archive"), checkpointBytes: 1 };
  return archivedShop({ archive });
}

async function sellInRounds(shop: ArchivedShop, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await Promise.all(Array.from({ length: 5 }, shop.sell));
    await shop.archived();
  }
}

const fillingsOf = (archive: string) => [
  ...new Set(linesIn(archive).map(({ filling }) => filling)),
];

/** Closes the gateway and starts it again: a clean end leaves no log that the archive could go on from. */
async function restartWithNewBase({ running, archive }: ArchivedShop): Promise<void> {
  const before = basesOf(archive).length;
  await running.restart();
  await vi.waitFor(() => expect(basesOf(archive)).toHaveLength(before + 1), {
    timeout: SECOND_BASE_WITHIN_MS,
  });
}

test("what is archived is restored to the last commit, and is its owner's alone", async () => {
  const shop = await shopOfManyFillings();
  await sellInRounds(shop, 4);
  const { archive } = shop;
  expect(fillingsOf(archive).length).toBeGreaterThan(2);
  expect(basesOf(archive)).toHaveLength(1);
  const { code, data, stdout, stderr } = await restoreFrom(archive);
  expect(stderr).toMatch(/sound$/m);
  const told = { stopped: null, refused: [], faults: [], gap: { no: 1 } };
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, ...told });
  await shop.running.gateway.close();
  const [live, restored] = [await ledgerIn(shop.running.dataFolder), await ledgerIn(data)];
  expect(live.attempts).toHaveLength(20);
  expect(restored).toEqual(live);
  for (const path of readdirSync(archive, { recursive: true, encoding: "utf8" })) {
    expect(statSync(join(archive, path)).mode & 0o077, path).toBe(0);
  }
  expect(statSync(join(data, "gateway.db")).mode & 0o077).toBe(0);
});

test("any instant since the first base is restored as it was, whatever came later", async () => {
  const shop = await shopOfManyFillings();
  const instants: { readonly atMs: number; readonly sales: number }[] = [];
  for (let sales = 5; sales <= 20; sales += 5) {
    await sellInRounds(shop, 1);
    const atMs = linesIn(shop.archive).at(-1)?.atMs ?? 0;
    instants.push({ atMs, sales });
    // What is archived from now on is later.
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(atMs));
    if (sales === 10) await restartWithNewBase(shop);
  }
  for (const { atMs, sales } of instants) {
    const restored = restoredLedger(shop.archive, atMs);
    expect(restored.reachedMs).toBeLessThanOrEqual(atMs);
    expect((await ledgerIn(restored.data)).attempts).toHaveLength(sales);
  }
});

describe("of an archive that is damaged", () => {
  /** Two sales, each in a piece of its own. */
  async function twoPieces() {
    const shop = await archivedShop();
    await shop.sell();
    await shop.archived();
    const good = linesIn(shop.archive).at(-1);
    await shop.sell();
    await shop.archived();
    if (good === undefined) throw new Error("a sale leaves a line");
    return { ...shop, good };
  }

  test("a piece that was changed or cut off ends the restore at the commit before it", async () => {
    const { archive, good } = await twoPieces();
    const at = good.to + 500;
    for (const spoil of [
      (wal: string) => writeFileSync(wal, flipped(readFileSync(wal), at)),
      (wal: string) => truncateSync(wal, at),
    ]) {
      const copy = copyOf(archive);
      spoil(pathsOfArchive(copy).wal(good.filling));
      const restored = restoredLedger(copy);
      expect(restored).toMatchObject({
        reachedMs: good.atMs,
        stopped: expect.stringMatching(/^log \d{8} is damaged after \d+ bytes$/),
      });
      expect((await ledgerIn(restored.data)).attempts).toHaveLength(1);
    }
  });

  test("so does a line of its index; one that a crash cut off is no damage", async () => {
    const { archive, good } = await twoPieces();
    const text = readFileSync(pathsOfArchive(archive).index(good.filling), "utf8");
    const lineBegin = text.lastIndexOf("\n", text.length - 2) + 1;
    const changed = flipped(Buffer.from(text), lineBegin + 100);
    for (const [content, stopped] of [
      [changed, expect.stringMatching(/^the index of log \d{8} is damaged$/)],
      [text.slice(0, -40), null],
    ] as const) {
      const copy = copyOf(archive);
      writeFileSync(pathsOfArchive(copy).index(good.filling), content);
      const restored = restoredLedger(copy);
      expect(restored).toMatchObject({ reachedMs: good.atMs, stopped });
      expect((await ledgerIn(restored.data)).attempts).toHaveLength(1);
    }
  });

  test("a filling that is missing, or another's in its place, ends it before", async () => {
    const shop = await shopOfManyFillings();
    await sellInRounds(shop, 5);
    const [first = 0, second = 0, third = 0] = fillingsOf(shop.archive).slice(-4);
    const missing = copyOf(shop.archive);
    rmSync(pathsOfArchive(missing).index(second));
    expect(restoredLedger(missing).stopped).toBe(`log ${padded(second)} is missing`);
    const swapped = copyOf(shop.archive);
    const paths = pathsOfArchive(swapped);
    for (const path of [paths.index, paths.wal]) cpSync(path(first), path(third));
    expect(restoredLedger(swapped).stopped).toMatch(
      new RegExp(`^log ${padded(third)} does not continue the log before it`),
    );
  });

  test("bytes that are missing or cannot be read end it before", async () => {
    const shop = await shopOfManyFillings();
    await sellInRounds(shop, 3);
    const last = fillingsOf(shop.archive).at(-1) ?? 0;
    for (const file of ["wal", "index"] as const) {
      const copy = copyOf(shop.archive);
      const path = pathsOfArchive(copy)[file](last);
      rmSync(path);
      // A folder can be opened, and not read.
      mkdirSync(path);
      const what = file === "wal" ? "is damaged after 0 bytes" : "is damaged";
      expect(restoredLedger(copy).stopped).toMatch(new RegExp(`log ${padded(last)} ${what}$`));
      if (file === "index") continue;
      rmSync(path, { recursive: true });
      expect(restoredLedger(copy).stopped).toMatch(/is damaged after 0 bytes$/);
    }
  });

  test("an index that lost its lines is damaged: nothing later is put on a base that lacks them", async () => {
    const shop = await shopOfManyFillings();
    await restartWithNewBase(shop);
    await sellInRounds(shop, 4);
    const copy = copyOf(shop.archive);
    const { filling = 0 } = basesOf(copy).at(-1) ?? {};
    expect(fillingsOf(copy).at(-1)).toBeGreaterThan(filling);
    for (const bytes of [0, 20]) {
      truncateSync(pathsOfArchive(copy).index(filling), bytes);
      const damaged = `the index of log ${padded(filling)} is damaged`;
      const { refused, stopped } = restoredLedger(copy);
      expect([...refused, stopped].join()).toMatch(new RegExp(`${damaged}|log ${padded(filling)}`));
    }
  });

  test("a base that SQLite or the disk does not give is passed over for the one before it", async () => {
    const shop = await archivedShop();
    await shop.sell();
    await shop.archived();
    await restartWithNewBase(shop);
    await shop.sell();
    await shop.archived();
    const [unread, noDatabase] = [copyOf(shop.archive), copyOf(shop.archive)];
    const path = pathsOfArchive(unread).base(2);
    rmSync(path);
    mkdirSync(path);
    const paths = pathsOfArchive(noDatabase);
    const bytes = Buffer.alloc(statSync(paths.base(2)).size, "no database ");
    writeFileSync(paths.base(2), bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    writeFileSync(paths.baseRecord(2), JSON.stringify({ ...basesOf(noDatabase)[1], sha256 }));
    for (const copy of [unread, noDatabase]) {
      expect(restoredLedger(copy)).toMatchObject({
        base: 1,
        refused: [expect.stringMatching(/^base 00000002: /)],
      });
    }
  });

  test("a base is passed over for the one before it", async () => {
    const shop = await archivedShop();
    await shop.sell();
    await shop.archived();
    await restartWithNewBase(shop);
    const copy = copyOf(shop.archive);
    const base = pathsOfArchive(copy).base(2);
    writeFileSync(base, flipped(readFileSync(base), 9_000));
    expect(restoredLedger(copy)).toMatchObject({
      base: 1,
      refused: [expect.stringContaining("base 00000002 is not what was archived")],
    });
  });
});

test("what cannot be restored is refused in words, and leaves nothing behind", async () => {
  const shop = await archivedShop();
  await shop.sell();
  await shop.archived();
  const { archive } = shop;
  const tooEarly = await restoreFrom(archive, "--at", "2020-01-01T00:00:00Z");
  expect(tooEarly).toMatchObject({ code: 1, stderr: expect.stringMatching(/archive begins at/) });
  expect(readdirSync(tooEarly.data)).toEqual([]);
  expect(await restoreFrom(archive, "--at", "2026-01-01 10:00")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--at must be like"),
  });
  expect(() => restoredLedger(scratchFolder())).toThrow("is no archive of a gateway");

  const newer = copyOf(archive);
  writeFileSync(pathsOfArchive(newer).archive, JSON.stringify({ format: 2, ledger: "" }));
  expect(() => restoredLedger(newer)).toThrow("use a newer gateway");

  const without = copyOf(archive);
  for (const { no } of basesOf(without)) rmSync(pathsOfArchive(without).baseRecord(no));
  expect(() => restoredLedger(without)).toThrow("has no whole copy of the database");

  const full = join(scratchFolder(), "full");
  mkdirSync(full);
  writeFileSync(join(full, "mine"), "");
  const into = await restoreFrom(archive, "--data", full);
  expect(into).toMatchObject({ code: 2, stderr: expect.stringContaining("is not empty") });
  expect(readdirSync(full)).toEqual(["mine"]);
});

test("an archive of a newer schema is refused by this program", async () => {
  const shop = await archivedShop();
  await shop.sell();
  await shop.archived();
  await shop.running.gateway.close();
  const copy = copyOf(shop.archive);
  const paths = pathsOfArchive(copy);
  cpSync(join(shop.running.dataFolder, "gateway.db"), paths.base(1));
  const database = new Database(paths.base(1));
  database.pragma("user_version = 99");
  database.close();
  const bytes = readFileSync(paths.base(1));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const record = { ...basesOf(copy)[0], filling: 99, from: 0, bytes: bytes.length, sha256 };
  writeFileSync(paths.baseRecord(1), JSON.stringify(record));
  expect(await restoreFrom(copy)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/has schema 99, this program knows \d+: start a newer gateway/),
  });
});

const padded = (no: number) => String(no).padStart(8, "0");

function flipped(bytes: Buffer, at: number): Buffer {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}
