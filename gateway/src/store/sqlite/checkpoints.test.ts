// The log is moved between commits and never in one; where that fails, nothing is lost and it is tried again later.

import { statSync } from "node:fs";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { LedgerDamagedError, UpkeepFailedError } from "../failures.js";
import { BUSY_FRAMES, prepareCheckpoints, QUIET_FRAMES } from "./checkpoints.js";
import { openDatabase, type Sqlite } from "./database.js";

const newFile = tempFiles();
const PAGE_BYTES = 4_096;

function open() {
  const path = newFile();
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  const checkpoints = prepareCheckpoints(db);
  checkpoints.run();
  db.exec("CREATE TABLE pages (no INTEGER PRIMARY KEY, content BLOB)");
  const insert = db.prepare("INSERT INTO pages (content) VALUES (zeroblob(?))");
  const bytesOf = (suffix = "") => statSync(`${path}${suffix}`).size;
  /** One commit of so many pages at least. */
  const commit = db.transaction((pages: number) => {
    for (let page = 0; page < pages; page += 1) insert.run(PAGE_BYTES - 100);
  });
  return { db, checkpoints, commit, bytesOf };
}

describe("the log", () => {
  it("is moved into the database by nobody else, however long it gets", () => {
    const { checkpoints, commit, bytesOf } = open();
    const before = bytesOf();
    commit(BUSY_FRAMES);
    commit(BUSY_FRAMES);
    expect(bytesOf()).toBe(before);
    expect(bytesOf("-wal")).toBeGreaterThan(2 * BUSY_FRAMES * PAGE_BYTES);
    checkpoints.run();
    expect(bytesOf()).toBeGreaterThan(before + BUSY_FRAMES * PAGE_BYTES);
  });

  it("is due sooner where nobody waits, and not due once it was moved", () => {
    const { checkpoints, commit } = open();
    const due = () => [checkpoints.isDue(true), checkpoints.isDue(false)];
    expect(due()).toEqual([false, false]);
    commit(QUIET_FRAMES);
    expect(due()).toEqual([true, false]);
    commit(BUSY_FRAMES);
    expect(due()).toEqual([true, true]);
    checkpoints.run();
    expect(due()).toEqual([false, false]);
  });

  it("begins anew once it was moved", () => {
    const { checkpoints, commit, bytesOf } = open();
    commit(QUIET_FRAMES);
    const long = bytesOf("-wal");
    for (let round = 0; round < 3; round += 1) {
      checkpoints.run();
      commit(QUIET_FRAMES / 2);
    }
    expect(bytesOf("-wal")).toBe(long);
  });

  it("is not looked at while a transaction is open", () => {
    const { db, checkpoints, commit } = open();
    commit(QUIET_FRAMES);
    db.exec("BEGIN IMMEDIATE");
    expect(checkpoints.isDue(true)).toBe(false);
    db.exec("COMMIT");
    expect(checkpoints.isDue(true)).toBe(true);
  });
});

/** A database of which nothing is real but its log's length, and how moving it fails. */
function failing(code: string) {
  const state = { log: 0, fails: true };
  const get = (sql: string) => () => {
    const isMove = sql.includes("PASSIVE");
    if (isMove && state.fails) throw new Database.SqliteError("no", code);
    if (isMove) state.log = 0;
    return { busy: 0, log: state.log, checkpointed: 0 };
  };
  const db = { pragma() {}, prepare: (sql: string) => ({ get: get(sql) }) };
  return { state, checkpoints: prepareCheckpoints(db as unknown as Sqlite) };
}

describe("a log that cannot be moved", () => {
  it.each(["SQLITE_IOERR_FSYNC", "SQLITE_FULL", "SQLITE_IOERR_WRITE"])(
    "for %s stays, and is tried again once it has grown by as much again",
    (code) => {
      const { state, checkpoints } = failing(code);
      state.log = QUIET_FRAMES;
      expect(checkpoints.isDue(true)).toBe(true);
      expect(() => checkpoints.run()).toThrow(UpkeepFailedError);
      expect(() => checkpoints.run()).toThrow(code);
      expect(checkpoints.isDue(true)).toBe(false);
      state.log = 2 * QUIET_FRAMES;
      expect(checkpoints.isDue(true)).toBe(true);
      state.fails = false;
      checkpoints.run();
      state.log = QUIET_FRAMES;
      expect(checkpoints.isDue(true)).toBe(true);
    },
  );

  it("for damage ends what serves it", () => {
    const { checkpoints } = failing("SQLITE_CORRUPT");
    expect(() => checkpoints.run()).toThrow(LedgerDamagedError);
  });
});
