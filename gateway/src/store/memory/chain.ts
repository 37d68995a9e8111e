// The chain of the memory driver: rows are numbered in the order in which they were added.

import {
  CHAIN_SOURCES,
  type ChainDriver,
  type ChainFields,
  type ChainRow,
  type ChainSource,
  type HeadRow,
  type LinkRow,
} from "../chain/driver.js";
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

  function rowsOf(source: ChainSource): readonly ChainRow[] {
    return fieldsOf(source).map((fields, index) => ({ source, seq: index + 1, fields }));
  }

  function uncovered(source: ChainSource): readonly ChainRow[] {
    const covered = new Set(
      links.filter((link) => link.source === source).map(({ rowSeq }) => rowSeq),
    );
    return rowsOf(source).filter(({ seq }) => !covered.has(seq));
  }

  return {
    lastLink: () => links.at(-1) ?? null,
    unsealed: (max) => CHAIN_SOURCES.flatMap(uncovered).slice(0, max),
    append(added) {
      for (const link of added) add(links, link);
    },
    lastHead: () => heads.at(-1) ?? null,
    keepHead: (head) => add(heads, head),
    *links() {
      const rows = new Map(CHAIN_SOURCES.map((source) => [source, rowsOf(source)]));
      for (const link of [...links]) {
        yield { link, row: rows.get(link.source)?.[link.rowSeq - 1] ?? null };
      }
    },
    uncovered,
    hashOf: (no) => links[no - 1]?.hash ?? null,
    heads: () => [...heads],
  };
}
