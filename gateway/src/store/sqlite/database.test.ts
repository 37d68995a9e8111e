// The database file as the gateway insists on it: durable, held alone, of a schema that this program knows.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { VERIFY_OPTIONS } from "../../../../tests/support/ledger.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { DatabaseSetupError } from "../setup-error.js";
import { verifyLedger } from "../verify.js";
import { assertDurable, openDatabase } from "./database.js";
import { sqliteDriver } from "./driver.js";

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

const TEMP_STORE_MEMORY = 2;

it("the log is moved into the file by nobody but who was told to", () => {
  expect(openHere(newFile()).pragma("wal_autocheckpoint", { simple: true })).toBe(0);
});

it("what a transaction sets aside never leaves the data folder", () => {
  expect(openHere(newFile()).pragma("temp_store", { simple: true })).toBe(TEMP_STORE_MEMORY);
});

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

/** Of the data `{}`, which is no programme that this program can read. */
const PROGRAMME_HASH = createHash("sha256").update("{}").digest("hex");

/** A database as the first schema left it: a grant, and a sale that took 700 of it. */
function makeFirstSchema(path: string): void {
  const db = new Database(path);
  db.exec(readFileSync(new URL("./migrations/0001-ledger.sql", import.meta.url), "utf8"));
  db.pragma("user_version = 1");
  db.exec(`
    INSERT INTO partners VALUES ('partner-1', 'Le Théâtre', 'active');
    INSERT INTO conventions VALUES ('C-1', 'partner-1', 'IN_FORCE', 0, 1);
    INSERT INTO accounts VALUES ('account-0', 'Camille D.', 5);
    INSERT INTO cards (id, account_id, status, generation, last_four, number_index, number_encrypted)
      VALUES ('card-0', 'account-0', 'ACTIVE', '2022', '0007', x'01', x'02');
    INSERT INTO grants
      VALUES ('grant-1', 'account-0', 'SPECTACLE', '2022/2023', 'EUR_CENT', 3000, 700, 1, 9, '2022-09-01', '2023-06-30');
    INSERT INTO programmes VALUES ('${PROGRAMME_HASH}', '{}');
    INSERT INTO attempts VALUES (1, 'terminal-0', 'sale-1', 'authorization', 'approved', x'03', 'APPROVED', 'account-0',
      'SPECTACLE', 5, '${PROGRAMME_HASH}', 1, '{}', '{"id":"sale-1","outcome":"approved","amountCents":700}');
    INSERT INTO entries VALUES (7, 'account-0', 'grant-1', 'terminal-0', 'sale-1', 700, 5);`);
  db.close();
}

describe("a file of the first schema", () => {
  it("is brought up to date with everything that it holds", () => {
    const path = newFile();
    makeFirstSchema(path);
    const db = openHere(path);
    const all = (sql: string) => db.prepare(sql).all();
    expect(db.pragma("user_version", { simple: true })).toBe(migrations);
    expect(all("SELECT * FROM grants")).toEqual([
      {
        account_id: "account-0",
        id: "grant-1",
        avantage: "SPECTACLE",
        campaign: "2022/2023",
        unit: "EUR_CENT",
        amount: 3000,
        supplement_amount: null,
        supplement_flag: null,
        spent: 700,
        from_ms: 1,
        to_ms: 9,
        first_day: "2022-09-01",
        last_day: "2023-06-30",
        age_from_ms: null,
        age_to_ms: null,
        rule: "",
        revoked: 0,
      },
    ]);
    expect(all("SELECT * FROM entries")).toEqual([
      {
        seq: 7,
        account_id: "account-0",
        grant_id: "grant-1",
        terminal_id: "terminal-0",
        attempt_id: "sale-1",
        units: 700,
        at_ms: 5,
      },
    ]);
    expect(all("SELECT id, effects_digest FROM attempts")).toEqual([
      { id: "sale-1", effects_digest: null },
    ]);
    expect(all("SELECT types, flags FROM partners")).toEqual([{ types: "[]", flags: "[]" }]);
  });

  it("stays as strict as a new one", () => {
    const path = newFile();
    makeFirstSchema(path);
    const db = openHere(path);
    const schemaOf = (it: Database.Database) =>
      it.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").all();
    expect(schemaOf(db)).toEqual(schemaOf(openHere(newFile())));
    expect(db.pragma("foreign_key_check")).toEqual([]);
    const entryOn = (grant: string) =>
      `INSERT INTO entries (account_id, grant_id, terminal_id, attempt_id, units, at_ms)
       VALUES ('account-0', '${grant}', 'terminal-0', 'sale-2', 1, 6)`;
    expect(() => db.exec(entryOn("another"))).toThrow("FOREIGN KEY constraint failed");
    expect(() => db.exec(entryOn("grant-1"))).not.toThrow();
    expect(() => db.exec("DELETE FROM entries")).toThrow("entries are append-only");
    expect(() => db.exec("UPDATE grants SET spent = 3001")).toThrow("CHECK constraint failed");
  });

  it("holds its balance to its entries, as before", async () => {
    const path = newFile();
    makeFirstSchema(path);
    const driver = sqliteDriver(path);
    onTestFinished(() => driver.close());
    const report = await verifyLedger(driver.ledger(), VERIFY_OPTIONS);
    expect(report).toMatchObject({ programmesUnread: 1, grantsWithoutRule: 1 });
    expect(report).toMatchObject({ entries: 1, debited: { EUR_CENT: 700 }, faults: [] });
    const { grants } = await driver.readBeneficiary({ id: "account-0", card: null });
    expect(grants).toMatchObject([{ spent: 700, rule: "", supplement: null, revoked: false }]);
  });
});

describe("the words that a column may have", () => {
  const rowOf = (db: Database.Database, kind: string, state: string) =>
    db
      .prepare(
        `INSERT INTO attempts (terminal_id, id, kind, state, code, decided_at_ms, programme_hash, rules_version)
         VALUES ('terminal-0', 'sale-2', ?, ?, 'APPROVED', 5, '', 1)`,
      )
      .run(kind, state);

  it("are those and no others, in a new file as in an old one", () => {
    const old = newFile();
    makeFirstSchema(old);
    for (const db of [openHere(newFile()), openHere(old)]) {
      expect(() => rowOf(db, "something", "approved")).toThrow("CHECK constraint failed");
      expect(() => rowOf(db, "inquiry", "something")).toThrow("CHECK constraint failed");
      // By its words it passes; there is no such programme.
      expect(() => rowOf(db, "inquiry", "held")).toThrow("FOREIGN KEY constraint failed");
      const link = db.prepare(
        "INSERT INTO links (no, source, row_seq, hash) VALUES (?, ?, 1, x'')",
      );
      expect(() => link.run(1, "something")).toThrow("CHECK constraint failed");
      expect(link.run(1, "events").changes).toBe(1);
      expect(db.pragma("integrity_check", { simple: true })).toBe("ok");
    }
  });

  it.each([
    "INSERT INTO attempts SELECT * FROM attempts WHERE seq = 1",
    "INSERT INTO links SELECT * FROM links WHERE no = 1",
  ])("are told without a temporary table for each row: %s", (sql) => {
    const db = openHere(newFile());
    const steps = db.prepare<[], { opcode: string; p4: string | null }>(`EXPLAIN ${sql}`).all();
    // The one that a row is copied through has no key.
    const tables = steps.filter(({ opcode, p4 }) => opcode === "OpenEphemeral" && p4 !== null);
    expect(tables).toEqual([]);
  });

  it("cannot be changed past the migrations", () => {
    const db = openHere(newFile());
    db.pragma("writable_schema = ON");
    expect(() => db.exec("UPDATE sqlite_schema SET sql = ''")).toThrow("may not be modified");
  });
});
