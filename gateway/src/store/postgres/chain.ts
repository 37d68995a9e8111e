// The chain of a PostgreSQL database, whose rows are numbered before they are committed: see horizon.ts.

import {
  CHAIN_SOURCES,
  type ChainDriver,
  type ChainRow,
  type ChainSource,
  type HeadRow,
  type LinkRow,
  type UnsealedQuery,
} from "../chain/driver.js";
import { prepareChecks } from "./chain-checks.js";
import { chainRows, type HeadSqlRow, headOf, type LinkSqlRow, linkOf } from "./chain-rows.js";
import type { Horizon, Numbers, Watch } from "./horizon.js";
import { postgresSql, type RunQuery } from "./sql.js";

interface ChainOptions {
  /** Runs statements in the open transaction, where there is one. */
  readonly run: RunQuery;
  /** Runs statements of a check, which may take long. */
  readonly read: RunQuery;
  readonly horizon: Horizon<ChainSource>;
  /** In an open transaction: whoever else seals waits until it is over. */
  readonly lockEnd: () => Promise<void>;
}

/** Prepares the chain of a database. */
export function prepareChain({ run, read, horizon, lockEnd }: ChainOptions): ChainDriver {
  return {
    turn: {
      take: () => horizon.watch((watch) => watch.isSealing()),
      leave: horizon.close,
    },
    ...prepareEnds(run, lockEnd),
    unsealed: (query) => horizon.watch((watch) => unsealedRows(watch, query)),
    append: async (links) => void (await run({ ...APPEND, values: columnsOf(links) }, true)),
    ...prepareChecks(read),
  };
}

const APPEND = {
  name: "append-links",
  text: `INSERT INTO links (no, source, row_seq, hash)
    SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bytea[])`,
};

const columnsOf = (links: readonly LinkRow[]) => [
  links.map(({ no }) => no),
  links.map(({ source }) => source),
  links.map(({ rowSeq }) => rowSeq),
  links.map(({ hash }) => hash),
];

/** Prepares what a sealer asks and keeps beside links. */
function prepareEnds(run: RunQuery, lockEnd: () => Promise<void>) {
  const sql = postgresSql(run);
  const lastLink = sql.prepare<LinkSqlRow>("SELECT * FROM links ORDER BY no DESC LIMIT 1");
  const lastHead = sql.prepare<HeadSqlRow>("SELECT * FROM heads ORDER BY no DESC LIMIT 1");
  const insertHead = sql.prepare(
    "INSERT INTO heads (no, hash, at_ms, signature) VALUES (?, ?, ?, ?)",
  );
  const hash = sql.prepare<{ readonly hash: Uint8Array }>("SELECT hash FROM links WHERE no = ?");
  const sealed = sql.prepare<{ readonly source: ChainSource; readonly up_to: number }>(
    CHAIN_SOURCES.map(
      (source) =>
        `SELECT '${source}' AS source, coalesce(max(row_seq), 0) AS up_to FROM links WHERE source = '${source}'`,
    ).join(" UNION ALL "),
  );
  return {
    async lastLink() {
      await lockEnd();
      const row = await lastLink.get();
      return row ? linkOf(row) : null;
    },
    sealedUpTo: async () =>
      new Map((await sealed.all()).map(({ source, up_to }) => [source, up_to])),
    async lastHead() {
      await lockEnd();
      const row = await lastHead.get();
      return row ? headOf(row) : null;
    },
    hashOf: async (no: number) => (await hash.get(no))?.hash ?? null,
    async keepHead({ no, hash, atMs, signature }: HeadRow) {
      await insertHead.run(no, hash, atMs, signature);
    },
  };
}

/** It is looked again where what was final before leaves room for more. */
async function unsealedRows(
  watch: Watch<ChainSource>,
  query: UnsealedQuery,
): Promise<readonly ChainRow[]> {
  const rows = await rowsBelow(watch, watch.final(), query);
  const isFull = CHAIN_SOURCES.some((source) => countOf(rows, source) >= query.each);
  return isFull ? rows : rowsBelow(watch, await watch.advance(), query);
}

const countOf = (rows: readonly ChainRow[], source: ChainSource) =>
  rows.filter((row) => row.source === source).length;

async function rowsBelow(
  watch: Watch<ChainSource>,
  final: Numbers<ChainSource>,
  { upTo, each, max }: UnsealedQuery,
): Promise<readonly ChainRow[]> {
  const waiting = CHAIN_SOURCES.filter((source) => final[source] > (upTo.get(source) ?? 0));
  const found = await Promise.all(
    waiting.map(async (source) => {
      const { rows } = await watch.query({
        name: `next-${source}`,
        text: `SELECT * FROM ${source} WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
        values: [upTo.get(source) ?? 0, final[source], Math.min(each, max)],
      });
      return chainRows(source, rows);
    }),
  );
  return found.flat().slice(0, max);
}
