// The holders' accounts in memory.

import { assert } from "../../core/assert.js";
import { NO_TRIES, type Tries } from "../../core/login-throttle.js";
import type { HolderDriver, HolderRow } from "../holders/driver.js";
import { createTable, type Tables } from "./tables.js";

/** Makes empty accounts beside tables whose undo log they share. */
export function memoryHolders(tables: Tables): HolderDriver {
  const accounts = createTable<HolderRow>(tables.undo);
  const strangers = createTable<Tries>(tables.undo);
  return {
    isBeneficiary: (id) => tables.accounts.has(id),
    find: (beneficiary) => accounts.get(beneficiary) ?? null,
    put(row) {
      assert(tables.accounts.has(row.beneficiary), "an account has its beneficiary");
      accounts.put(row.beneficiary, row);
    },
    strangerTries: (slot) => strangers.get(String(slot)) ?? NO_TRIES,
    putStrangerTries: (slot, tries) => strangers.put(String(slot), tries),
    cards: (beneficiary) =>
      tables.cards
        .values()
        .filter(({ accountId }) => accountId === beneficiary)
        .reverse(),
    setPin(cardId, credential) {
      const card = tables.cards.get(cardId);
      assert(card?.status === "ACTIVE", "a PIN is set on an active card");
      tables.cards.put(cardId, { ...card, credential, pinSet: true, pinFailures: 0 });
    },
  };
}
