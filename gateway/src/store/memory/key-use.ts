// What the memory driver knows of keys: under which the ledger is written, and what is still under a version.

import { isDeepStrictEqual } from "node:util";
import type { KeyUseDriver } from "../key-use/driver.js";
import { CLOSED_CARD_STATUSES } from "../records.js";
import type { Tables } from "./tables.js";

/** The one row of its table. */
const ONLY = "";

/** Builds what is asked of tables. */
export function memoryKeyUse(tables: Tables): KeyUseDriver {
  const { cards, terminals, renewals, programmes, accounts, partners, agents, events } = tables;
  const { ledgerKeys } = tables;
  return {
    pinsUnder: (pepperVersion) =>
      cards
        .values()
        .filter(({ credential }) => credential?.pinKeyVersion === pepperVersion)
        .filter(({ status }) => !CLOSED_CARD_STATUSES.includes(status)).length,
    terminalsUnder: (baseKeyId) =>
      terminals
        .values()
        .filter(({ status }) => status === "active")
        .filter(({ id, initialKeyId }) =>
          [initialKeyId, renewals.get(id)?.initialKeyId].some((own) => own?.startsWith(baseKeyId)),
        ).length,
    isUsed: () =>
      [programmes, accounts, partners, agents, ledgerKeys].some((it) => it.values().length > 0) ||
      events.rows().length > 0,
    ledgerKeys: () => ledgerKeys.get(ONLY) ?? null,
    keepLedgerKeys(keys, before) {
      const kept = ledgerKeys.get(ONLY);
      if (kept && !Buffer.from(kept.checkValue).equals(keys.checkValue)) return false;
      if (kept && !isDeepStrictEqual(kept.versions, before?.versions)) return false;
      ledgerKeys.put(ONLY, keys);
      return true;
    },
  };
}
