// Places are remembered, and yet whatever anybody changes of them shows at the next read, and nothing that was taken back.

import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { printedSeed } from "../../../../tests/support/random.js";
import { tempFiles } from "../../../../tests/support/temp-folder.js";
import { openDatabase, type Sqlite } from "./database.js";
import { preparePlaces } from "./places.js";
import { WATCHED_TABLES } from "./watch.js";

const newFile = tempFiles();

const ROWS = `
  INSERT INTO partners (id, name, status) VALUES ('P-1', 'One', 'active'), ('P-2', 'Two', 'active');
  INSERT INTO conventions (reference, partner_id, state, from_ms, to_ms) VALUES ('C-1', 'P-1', 'IN_FORCE', 0, 9);
  INSERT INTO agrements (partner_id, avantage) VALUES ('P-1', 'CINEMA'), ('P-1', 'MUSEE');
  INSERT INTO points_of_sale (id, partner_id, name, city) VALUES ('S-1', 'P-1', 'Till', 'Lyon'), ('S-2', 'P-2', 'Till', 'Lyon');
  INSERT INTO terminals (id, point_of_sale_id, status, certificate_fingerprint, initial_key_id)
    VALUES ('T-1', 'S-1', 'active', 'aa', 'K-1'), ('T-2', 'S-2', 'active', 'bb', 'K-2');`;

function openPlaces() {
  const db = openDatabase(newFile());
  onTestFinished(() => void db.close());
  db.exec(ROWS);
  return { db, places: preparePlaces(db) };
}

type Places = ReturnType<typeof preparePlaces>;

/** All that can be read of both terminals and both partners. */
function everythingAt(places: Places) {
  return {
    certificates: ["aa", "bb", "cc"].map(places.terminalByCertificate),
    terminals: ["T-1", "T-2", "T-3"].map(places.terminal),
    partners: ["P-1", "P-2"].map(places.partner),
    places: ["T-1", "T-2", "T-3"].map(places.place),
  };
}

/** What a connection that remembers nothing would read. */
function everythingIn(db: Sqlite) {
  return everythingAt(preparePlaces(unwatched(db)));
}

/** The same connection, on which nothing is watched. */
function unwatched(db: Sqlite): Sqlite {
  const not = { function: () => undefined, exec: () => undefined };
  return new Proxy(db, {
    get(_, name) {
      if (name in not) return Reflect.get(not, name);
      const value = Reflect.get(db, name, db);
      return typeof value === "function" ? value.bind(db) : value;
    },
  });
}

/** Each by plain SQL, as a writer would that knows of no memo. */
const CHANGES = [
  "UPDATE partners SET status = 'suspended' WHERE id = 'P-1'",
  "UPDATE partners SET name = 'Other' WHERE id = 'P-2'",
  "INSERT OR REPLACE INTO partners (id, name, status) VALUES ('P-2', 'Third', 'active')",
  "INSERT INTO partners (id, name, status) VALUES ('P-1', 'x', 'active') ON CONFLICT (id) DO UPDATE SET name = 'Fourth'",
  "UPDATE conventions SET state = 'TERMINATED'",
  "DELETE FROM conventions",
  "INSERT OR REPLACE INTO conventions (reference, partner_id, state, from_ms, to_ms) VALUES ('C-1', 'P-2', 'SIGNED', 1, 2)",
  "INSERT OR IGNORE INTO conventions (reference, partner_id, state, from_ms, to_ms) VALUES ('C-2', 'P-1', 'SENT', 1, 2)",
  "DELETE FROM agrements WHERE avantage = 'CINEMA'",
  "DELETE FROM agrements",
  "INSERT OR IGNORE INTO agrements (partner_id, avantage) VALUES ('P-1', 'SPORT'), ('P-2', 'SPORT')",
  "UPDATE OR REPLACE agrements SET avantage = 'MUSEE' WHERE avantage = 'CINEMA'",
  "UPDATE points_of_sale SET city = 'Annecy'",
  "UPDATE points_of_sale SET partner_id = 'P-2' WHERE id = 'S-1'",
  "UPDATE terminals SET status = 'revoked' WHERE id = 'T-1'",
  "UPDATE terminals SET point_of_sale_id = 'S-2' WHERE id = 'T-1'",
  "UPDATE terminals SET certificate_fingerprint = 'cc' WHERE id = 'T-2'",
  "UPDATE OR REPLACE terminals SET certificate_fingerprint = 'aa' WHERE id = 'T-2'",
  "DELETE FROM terminals WHERE id = 'T-2'",
  "UPDATE terminals SET ksn_counter = ksn_counter + 1 WHERE id = 'T-1'",
  "UPDATE terminals SET ksn_counter = ksn_counter + 1, status = 'revoked'",
  "INSERT OR REPLACE INTO terminals (id, point_of_sale_id, status, certificate_fingerprint) VALUES ('T-3', 'S-1', 'active', 'aa')",
] as const;

describe("a change by plain SQL", () => {
  it.each(CHANGES)("shows at the next read: %s", (sql) => {
    const { db, places } = openPlaces();
    const before = everythingAt(places);
    db.exec(sql);
    expect(everythingAt(places)).toEqual(everythingIn(db));
    expect(everythingAt(places)).not.toEqual(before);
  });

  it("that fails half-way leaves what was", () => {
    const { db, places } = openPlaces();
    const before = everythingAt(places);
    // The first row can be changed, the second not.
    expect(() => db.exec("UPDATE terminals SET certificate_fingerprint = 'dd'")).toThrow("UNIQUE");
    expect(everythingAt(places)).toEqual(before);
  });
});

describe("a change that is taken back", () => {
  it.each(["the transaction", "a savepoint in it"])("with %s shows no more", (how) => {
    const { db, places } = openPlaces();
    const before = everythingAt(places);
    db.exec("BEGIN IMMEDIATE");
    const applied = db.transaction(() => {
      db.exec("UPDATE terminals SET status = 'revoked', ksn_counter = 7");
      db.exec("UPDATE partners SET status = 'suspended'");
      expect(everythingAt(places)).toEqual(everythingIn(db));
      throw new Error("taken back");
    });
    expect(applied).toThrow("taken back");
    expect(everythingAt(places)).toEqual(before);
    db.exec(how === "the transaction" ? "ROLLBACK" : "COMMIT");
    expect(everythingAt(places)).toEqual(before);
  });

  it("in the middle of any sequence of them, shows no more", () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...CHANGES) },
      fc.constantFrom("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"),
      fc.constantFrom("SAVEPOINT s", "ROLLBACK TO s", "RELEASE s"),
      { weight: 4, arbitrary: fc.constant("read") },
    );
    // One memo for all of them: what a sequence leaves in it is there in the next.
    const { db, places } = openPlaces();
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => {
        startAgain(db);
        for (const sql of steps) {
          if (sql === "read") expect(everythingAt(places)).toEqual(everythingIn(db));
          else attempt(db, sql);
        }
        expect(everythingAt(places)).toEqual(everythingIn(db));
      }),
      printedSeed("places in any sequence", 100),
    );
  });
});

function startAgain(db: Sqlite): void {
  if (db.inTransaction) db.exec("ROLLBACK");
  const tables = ["terminals", "points_of_sale", "agrements", "conventions", "partners"];
  db.exec(`BEGIN; ${tables.map((table) => `DELETE FROM ${table}`).join("; ")}; ${ROWS} COMMIT`);
}

/** Some steps do not follow each other; SQLite says so, and nothing has changed then. */
function attempt(db: Sqlite, sql: string): void {
  try {
    db.exec(sql);
  } catch {
    // The next read tells whether that is true.
  }
}

describe("a terminal's count of PIN blocks", () => {
  it("makes that terminal alone read anew", () => {
    const { db, places } = openPlaces();
    const first = everythingAt(places);
    db.exec("UPDATE terminals SET ksn_counter = 1 WHERE id = 'T-1'");
    const second = everythingAt(places);
    expect(second.terminals[0]).not.toBe(first.terminals[0]);
    expect(second.terminals[1]).toBe(first.terminals[1]);
    expect(second.certificates[0]).toBe(first.certificates[0]);
    expect(second.partners[0]).toBe(first.partners[0]);
  });
});

it("what has changed is remembered again by sales, which read it inside a transaction", () => {
  const { db, places } = openPlaces();
  db.exec("UPDATE partners SET name = 'Other'; UPDATE terminals SET ksn_counter = 1");
  // As each request does, before its sale waits for its commit.
  places.terminalByCertificate("aa");
  db.exec("BEGIN IMMEDIATE");
  expect(places.terminal("T-1")).toBe(places.terminal("T-1"));
  expect(places.partner("P-1")).toBe(places.partner("P-1"));
});

describe("every table that is remembered", () => {
  it("is watched: all that the statements read, as SQLite itself tells", () => {
    const { db } = openPlaces();
    const sources: string[] = [];
    const listening = new Proxy(unwatched(db), {
      get(target, name) {
        if (name !== "prepare") return Reflect.get(target, name);
        return (source: string) => {
          sources.push(source);
          return db.prepare(source);
        };
      },
    });
    preparePlaces(listening);
    const tables = new Set(sources.flatMap((source) => tablesReadBy(db, source)));
    expect([...tables].sort()).toEqual([...WATCHED_TABLES].sort());
  });

  it("has a trigger for every way to change it, and no other table has one", () => {
    const { db } = openPlaces();
    const triggers = db
      .prepare<[], string>("SELECT sql FROM sqlite_temp_schema WHERE type = 'trigger' ORDER BY 1")
      .pluck()
      .all()
      .map((sql) => /AFTER (\w+).* ON main\.(\w+)/.exec(sql)?.slice(1).join(" "));
    const wanted = WATCHED_TABLES.flatMap((table) =>
      ["INSERT", "UPDATE", "DELETE"].map((kind) => `${kind} ${table}`),
    );
    expect(triggers.sort()).toEqual([...wanted, "UPDATE terminals"].sort());
  });
});

/** The tables whose trees or indexes a statement's program opens. */
function tablesReadBy(db: Sqlite, source: string): readonly string[] {
  const values = Array.from(source.matchAll(/\?/g), () => null);
  const program = db
    .prepare<null[], { opcode: string; p2: number }>(`EXPLAIN ${source}`)
    .all(...values);
  const tableAt = db
    .prepare<[number], string>("SELECT tbl_name FROM sqlite_schema WHERE rootpage = ?")
    .pluck();
  return program
    .filter(({ opcode }) => opcode === "OpenRead")
    .map(({ p2 }) => tableAt.get(p2) ?? "nothing");
}
