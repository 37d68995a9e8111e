// What a call of SQLite that fails is told as: a bug of its own sale, or the loss of everything in the transaction.

import { expect, it, onTestFinished } from "vitest";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { TransactionLostError } from "../driver.js";
import { ConstraintError } from "../sql/sql.js";
import { openDatabase } from "./database.js";
import { createFailureOf } from "./failures.js";
import { sqliteSql } from "./sql.js";
import { createTransaction } from "./transaction.js";

const newFile = tempFiles();

function open() {
  const db = openDatabase(newFile());
  onTestFinished(() => void db.close());
  db.exec("CREATE TABLE notes (no INTEGER PRIMARY KEY, text TEXT) STRICT");
  const transaction = createTransaction(db);
  transaction.begin();
  const sql = sqliteSql(db, { failureOf: createFailureOf(db), transaction });
  return { db, sql, insert: sql.prepare("INSERT INTO notes VALUES (?, ?)") };
}

it("values go in by place or by name, and rows come out", () => {
  const { sql, insert } = open();
  expect(insert.run(1, "one")).toBe(1);
  expect(sql.prepare("INSERT INTO notes VALUES (@no, @text)").run({ no: 2, text: null })).toBe(1);
  const notes = sql.prepare("SELECT * FROM notes ORDER BY no");
  expect(notes.get()).toEqual({ no: 1, text: "one" });
  expect(notes.all()).toEqual([
    { no: 1, text: "one" },
    { no: 2, text: null },
  ]);
  expect(sql.prepare("SELECT * FROM notes WHERE no = ?").get(3)).toBeUndefined();
});

it("a constraint that refuses a write leaves the transaction as it is", () => {
  const { db, insert } = open();
  insert.run(1, "one");
  expect(() => insert.run(1, "again")).toThrow(ConstraintError);
  expect(db.inTransaction).toBe(true);
});

it("a database that fails gives the transaction up, and nothing is written beside it", () => {
  const { db, sql } = open();
  db.pragma("query_only = ON");
  onTestFinished(() => void db.pragma("query_only = OFF"));
  const insert = sql.prepare("INSERT INTO notes VALUES (1, 'one')");
  expect(() => insert.run()).toThrow(TransactionLostError);
  expect(db.inTransaction).toBe(false);
  db.pragma("query_only = OFF");
  expect(() => insert.run()).toThrow(TransactionLostError);
  expect(sql.prepare("SELECT * FROM notes").all()).toEqual([]);
});
