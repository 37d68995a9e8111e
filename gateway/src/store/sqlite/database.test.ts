// The database file as the gateway insists on it: durable, held alone, of a schema that this program knows.

import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { assertDurable, DatabaseSetupError, openDatabase } from "./database.js";

const newFile = tempFiles();
const migrations = readdirSync(new URL("./migrations/", import.meta.url)).length;

function openHere(path: string) {
  const db = openDatabase(path);
  onTestFinished(() => void db.close());
  return db;
}

/** What opening a file is refused with. */
function refusal(path: string): Error {
  try {
    openHere(path);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it was opened");
}

describe("durability", () => {
  it("is in force: write-ahead log, synchronous FULL, foreign keys", () => {
    const db = openHere(newFile());
    const value = (pragma: string) => db.pragma(pragma, { simple: true });
    expect([value("journal_mode"), value("synchronous"), value("foreign_keys")]).toEqual([
      "wal",
      2,
      1,
    ]);
  });

  it("is still in force when the file is opened again", () => {
    const path = newFile();
    openDatabase(path).close();
    expect(openHere(path).pragma("synchronous", { simple: true })).toBe(2);
  });

  it.each(["OFF", "NORMAL"])("with synchronous %s is refused", (mode) => {
    const path = newFile();
    const db = openHere(path);
    db.pragma(`synchronous = ${mode}`);
    expect(() => assertDurable(db, path)).toThrow(DatabaseSetupError);
  });

  it("without a write-ahead log is refused", () => {
    expect(refusal(":memory:")).toBeInstanceOf(DatabaseSetupError);
    expect(refusal(":memory:").message).toContain("journal_mode is memory");
  });
});

describe("a file that is in use", () => {
  it("is refused, and the message says what to do", () => {
    const path = newFile();
    openHere(path);
    const error = refusal(path);
    expect(error).toBeInstanceOf(DatabaseSetupError);
    expect(error.message).toMatch(/held by another process.*Stop the other one/);
  });

  it("cannot be read by another process either", () => {
    const path = newFile();
    openHere(path);
    const script = `
      const db = new (require("better-sqlite3"))(process.argv[1], { timeout: 0 });
      try { db.prepare("SELECT * FROM entries").all(); console.log("read"); }
      catch (error) { console.log(error.code); }`;
    const said = execFileSync(process.execPath, ["-e", script, path], { encoding: "utf8" });
    expect(said.trim()).toBe("SQLITE_BUSY");
  });

  it("is free again once it was closed", () => {
    const path = newFile();
    openDatabase(path).close();
    expect(() => openHere(path)).not.toThrow();
  });
});

describe("a file that cannot be used", () => {
  it("because a newer program wrote it is left alone", () => {
    const path = newFile();
    openDatabase(path).close();
    const newer = new Database(path);
    newer.pragma(`user_version = ${migrations + 1}`);
    newer.close();
    const error = refusal(path);
    expect(error).toBeInstanceOf(DatabaseSetupError);
    expect(error.message).toContain("start a newer gateway");
  });

  it("because it is no database is not said to be held by another", () => {
    const path = newFile();
    writeFileSync(path, "not a database ".repeat(500));
    const error = refusal(path);
    expect(error).toBeInstanceOf(DatabaseSetupError);
    expect(error.message).not.toContain("another process");
  });

  it("because its folder is missing names the folder's part in it", () => {
    const error = refusal(join(dirname(newFile()), "missing", "gateway.db"));
    expect(error).toBeInstanceOf(DatabaseSetupError);
    expect(error.message).toContain("check that its folder exists");
  });
});
