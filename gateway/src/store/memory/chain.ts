// The chain of the memory driver: rows are numbered in the order in which they were added.

import {
  CHAIN_SOURCES,
  type ChainDriver,
  type ChainRow,
  type ChainSource,
  type HeadRow,
  type LinkRow,
} from "../chain/driver.js";
import { type ChainFields, rowShape } from "../chain/row-shape.js";
import type { Tables } from "./tables.js";

/** The chain over a driver's tables; what it writes is undone with the tables' transaction. */
export function memoryChain(tables: Tables): ChainDriver {
  const links: LinkRow[] = [];
  const heads: HeadRow[] = [];

  function add<T>(list: T[], item: T): void {
    list.push(item);
    tables.undo.push(() => list.pop());
  }

  function fieldsOf(source: ChainSource): readonly ChainFields[] {
    switch (source) {
      case "attempts":
        return tables.attempts.values().map(({ state: _, ...row }) => row);
      case "operations":
        return tables.operations.rows().map((row) => ({ ...row }));
      case "reversals":
        return tables.reversals.values().map((row) => ({ ...row }));
      case "entries":
        return tables.entries.rows().map((row) => ({ ...row }));
      case "events":
        return tables.events.rows().map((row) => ({ ...row, notes: JSON.stringify(row.notes) }));
    }
  }

  const sealedUpTo = (source: ChainSource): number =>
    links.findLast((link) => link.source === source)?.rowSeq ?? 0;

  return {
    lastLink: () => links.at(-1) ?? null,
    sealedUpTo: () => new Map(CHAIN_SOURCES.map((source) => [source, sealedUpTo(source)])),
    unsealed({ upTo, each, max }) {
      const rows: ChainRow[] = [];
      for (const source of CHAIN_SOURCES) {
        const after = upTo.get(source) ?? 0;
        const next = fieldsOf(source).slice(after, after + Math.min(each, max - rows.length));
        rows.push(...next.map((fields, index) => rowOf(source, after + index + 1, fields)));
      }
      return rows;
    },
    append(added) {
      for (const link of added) add(links, link);
    },
    lastHead: () => heads.at(-1) ?? null,
    keepHead: (head) => add(heads, head),
    *links() {
      const tablesNow = new Map(CHAIN_SOURCES.map((source) => [source, fieldsOf(source)]));
      for (const link of [...links]) {
        const fields = tablesNow.get(link.source)?.[link.rowSeq - 1];
        yield { link, row: fields ? rowOf(link.source, link.rowSeq, fields) : null };
      }
    },
    uncovered(source) {
      const covered = new Set(
        links.filter((link) => link.source === source).map(({ rowSeq }) => rowSeq),
      );
      return fieldsOf(source)
        .map((fields, index) => ({ seq: index + 1, fields }))
        .filter(({ seq }) => !covered.has(seq))
        .map(({ seq, fields }) => rowOf(source, seq, fields));
    },
    hashOf: (no) => links[no - 1]?.hash ?? null,
    heads: () => [...heads],
  };
}

function rowOf(source: ChainSource, seq: number, fields: ChainFields): ChainRow {
  return { source, seq, values: Object.values(fields), shape: rowShape(Object.keys(fields)) };
}
