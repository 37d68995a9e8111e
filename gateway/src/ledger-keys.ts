// Holds a data folder's keys to the ledger beside them: another gateway's, or older ones, are not taken for its own.

import { KEY_KINDS, type KeyKind, type KeyStore } from "./crypto/key-store.js";
import { DataFolderError } from "./data-folder-files.js";
import { type KeyWords, keyWords, type LedgerPlace } from "./ledger-place.js";
import type { Driver } from "./store/driver.js";
import type { LedgerKeys } from "./store/key-use/driver.js";
import { assertStays } from "./store/ledger-move.js";

/** What a ledger keeps of the keys that it is written under. */
export function ledgerKeysOf(keys: Pick<KeyStore, "indexes" | "versions">): LedgerKeys {
  const all = keys.versions();
  const versionsOf = (kind: KeyKind) =>
    all.filter((it) => it.kind === kind).map(({ version }) => version);
  const versions = Object.fromEntries(KEY_KINDS.map((kind) => [kind, versionsOf(kind)]));
  return { checkValue: keys.indexes.digest("ledger", "check value"), versions };
}

/**
 * Refuses keys that are not the ledger's, or are of an earlier day. Keys that are ahead of it are good: a rotation or a
 * retirement may have been cut short, or the database restored.
 *
 * @param kept null where the ledger keeps nothing of them yet.
 * @param path where the keys are, for the message.
 * @throws DataFolderError.
 */
export function checkLedgerKeys(input: {
  readonly kept: LedgerKeys | null;
  readonly found: LedgerKeys;
  readonly path: string;
  readonly words: KeyWords;
}): void {
  const { kept, found, path, words } = input;
  const { ledger, keysFrom } = words;
  if (kept === null) return;
  const older = (how: string) =>
    new DataFolderError(
      `${path} is older than ${ledger}: it ${how}. Restore the newest of ${path} from ${keysFrom}, the one that was made after the last rotation or retirement`,
    );
  if (!Buffer.from(kept.checkValue).equals(found.checkValue)) {
    throw new DataFolderError(
      `${path} holds other keys than ${ledger} was written under: under them no card is known. Restore the ${path} of this database from ${keysFrom}`,
    );
  }
  for (const [kind, known] of Object.entries(kept.versions)) {
    const newest = Math.max(...known);
    const versions = found.versions[kind] ?? [];
    const retired = versions.find((it) => it <= newest && !known.includes(it));
    if (Math.max(0, ...versions) < newest) throw older(`lacks ${kind} ${newest}`);
    if (retired !== undefined) {
      throw older(`still accepts ${kind} ${retired}, which is retired`);
    }
  }
}

/**
 * As {@link checkLedgerKeys}, for a command on a ledger that is there.
 *
 * @throws DataFolderError; DatabaseSetupError where the ledger is no longer here.
 */
export async function holdToLedger(
  driver: Pick<Driver, "keyUse" | "move">,
  folder: { readonly keys: KeyStore; readonly keysPath: string; readonly place: LedgerPlace },
): Promise<void> {
  await assertStays(driver);
  const { keys, keysPath: path, place } = folder;
  const [kept, found] = [await driver.keyUse.ledgerKeys(), ledgerKeysOf(keys)];
  checkLedgerKeys({ kept, found, path, words: keyWords(place) });
}

/**
 * Keeps what a ledger is written under.
 *
 * @throws DataFolderError where another gateway, which was first on a new database or rotated, has kept its own meanwhile.
 */
export async function keepKeys(
  driver: Pick<Driver, "keyUse">,
  folder: { readonly keys: KeyStore; readonly keysPath: string; readonly place: LedgerPlace },
): Promise<void> {
  const { keys, keysPath: path, place } = folder;
  const [found, words] = [ledgerKeysOf(keys), keyWords(place)];
  const before = await driver.keyUse.ledgerKeys();
  checkLedgerKeys({ kept: before, found, path, words });
  if (await driver.keyUse.keepLedgerKeys(found, before)) return;
  const kept = await driver.keyUse.ledgerKeys();
  checkLedgerKeys({ kept, found, path, words });
}
