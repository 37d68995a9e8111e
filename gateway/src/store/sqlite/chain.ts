// The chain of a SQLite file: rows are numbered by their rowid, which grows with every commit of the one writer.

import { shapeOfColumns } from "../chain/column-shape.js";
import {
  CHAIN_SOURCES,
  type ChainDriver,
  type ChainRow,
  type ChainSource,
  type HeadRow,
  type LinkRow,
} from "../chain/driver.js";
import type { Sqlite } from "./database.js";

/** Rows of one page of a check. Between two pages no statement is open. */
const PAGE_ROWS = 1_000;

/** Links that are added by one statement; the rest one by one. */
const LINKS_TOGETHER = 32;

/** Below every rowid there can be, also one that somebody else wrote. */
const BEFORE_ALL = Number.MIN_SAFE_INTEGER;

type Value = string | number | Buffer | null;

interface LinkSqlRow {
  no: number;
  source: ChainSource;
  row_seq: number;
  hash: Buffer;
}

const linkOf = (row: LinkSqlRow): LinkRow => ({
  no: row.no,
  source: row.source,
  rowSeq: row.row_seq,
  hash: row.hash,
});

interface HeadSqlRow {
  no: number;
  hash: Buffer;
  at_ms: number;
  signature: Buffer;
}

const headOf = (row: HeadSqlRow): HeadRow => ({
  no: row.no,
  hash: row.hash,
  atMs: row.at_ms,
  signature: row.signature,
});

/** Prepares the reads of one source. */
function prepareSource(db: Sqlite, source: ChainSource) {
  const prepare = <Params extends unknown[]>(rest: string) =>
    db.prepare<Params, readonly Value[]>(`SELECT * FROM ${source} r ${rest}`).raw();
  const one = prepare<[number]>("WHERE seq = ?");
  const next = prepare<[number, number]>("WHERE seq > ? ORDER BY seq LIMIT ?");
  const sealedUpTo = db
    .prepare<[], number>(`SELECT coalesce(max(row_seq), 0) FROM links WHERE source = '${source}'`)
    .pluck();
  const uncovered = prepare<[number]>(
    `WHERE seq > ? AND NOT EXISTS
       (SELECT 1 FROM links l WHERE l.source = '${source}' AND l.row_seq = r.seq)
     ORDER BY seq LIMIT ${PAGE_ROWS}`,
  );
  const columns = one.columns().map(({ name }) => name);
  const shape = shapeOfColumns(columns);
  const seqAt = columns.indexOf("seq");
  const rowOf = (values: readonly Value[]): ChainRow => ({
    source,
    seq: Number(values[seqAt]),
    values,
    shape,
  });

  return {
    one(seq: number): ChainRow | null {
      const values = one.get(seq);
      return values ? rowOf(values) : null;
    },
    sealedUpTo: () => sealedUpTo.get() ?? 0,
    next: (after: number, max: number) => next.all(after, max).map(rowOf),
    uncoveredAfter: (seq: number) => uncovered.all(seq).map(rowOf),
  };
}

const linkValues = ({ no, source, rowSeq, hash }: LinkRow) => [no, source, rowSeq, hash];

/** Prepares the statement that adds so many links: {@link linkValues} of each, one after the other. */
function prepareInsert(db: Sqlite, count: number) {
  const rows = Array.from({ length: count }, () => "(?, ?, ?, ?)").join(", ");
  return db.prepare(`INSERT INTO links (no, source, row_seq, hash) VALUES ${rows}`);
}

/** Prepares the chain of a database. */
export function prepareChain(db: Sqlite): ChainDriver {
  const sources = new Map(CHAIN_SOURCES.map((source) => [source, prepareSource(db, source)]));
  const lastLink = db.prepare<[], LinkSqlRow>("SELECT * FROM links ORDER BY no DESC LIMIT 1");
  const insertLinks = prepareInsert(db, LINKS_TOGETHER);
  const insertLink = prepareInsert(db, 1);
  const links = db.prepare<[number], LinkSqlRow>(
    `SELECT * FROM links WHERE no > ? ORDER BY no LIMIT ${PAGE_ROWS}`,
  );
  const hash = db.prepare<[number], Buffer>("SELECT hash FROM links WHERE no = ?").pluck();
  const lastHead = db.prepare<[], HeadSqlRow>("SELECT * FROM heads ORDER BY no DESC LIMIT 1");
  const insertHead = db.prepare(
    "INSERT INTO heads (no, hash, at_ms, signature) VALUES (?, ?, ?, ?)",
  );
  const heads = db.prepare<[number], HeadSqlRow>(
    `SELECT * FROM heads WHERE no > ? ORDER BY no LIMIT ${PAGE_ROWS}`,
  );

  return {
    lastLink() {
      const row = lastLink.get();
      return row ? linkOf(row) : null;
    },
    sealedUpTo: () => new Map([...sources].map(([name, source]) => [name, source.sealedUpTo()])),
    unsealed({ upTo, each, max }) {
      const rows: ChainRow[] = [];
      for (const [name, source] of sources) {
        const left = Math.min(each, max - rows.length);
        rows.push(...source.next(upTo.get(name) ?? 0, left));
      }
      return rows;
    },
    append(added) {
      let done = 0;
      for (; done + LINKS_TOGETHER <= added.length; done += LINKS_TOGETHER) {
        insertLinks.run(added.slice(done, done + LINKS_TOGETHER).flatMap(linkValues));
      }
      for (const link of added.slice(done)) insertLink.run(linkValues(link));
    },
    lastHead() {
      const row = lastHead.get();
      return row ? headOf(row) : null;
    },
    keepHead({ no, hash, atMs, signature }) {
      insertHead.run(no, hash, atMs, signature);
    },
    *links() {
      for (const row of inPages(
        (after) => links.all(after),
        ({ no }) => no,
      )) {
        yield { link: linkOf(row), row: sources.get(row.source)?.one(row.row_seq) ?? null };
      }
    },
    uncovered(source) {
      const pageAfter = (seq: number) => sources.get(source)?.uncoveredAfter(seq) ?? [];
      return inPages(pageAfter, ({ seq }) => seq);
    },
    hashOf: (no) => hash.get(no) ?? null,
    *heads() {
      for (const row of inPages(
        (after) => heads.all(after),
        ({ no }) => no,
      ))
        yield headOf(row);
    },
  };
}

/** All rows, each page from where the last one ended. */
function* inPages<Row>(
  pageAfter: (last: number) => readonly Row[],
  placeOf: (row: Row) => number,
): Generator<Row> {
  let last = BEFORE_ALL;
  for (;;) {
    const page = pageAfter(last);
    yield* page;
    const end = page.at(-1);
    if (end === undefined || page.length < PAGE_ROWS) return;
    last = placeOf(end);
  }
}
