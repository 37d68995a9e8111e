// Rotates and retires keys on the folder of a stopped gateway, each act between two rows of the audit trail.

import { createAsking } from "../asked.js";
import type { Random } from "../core/ports.js";
import type { KeyFile } from "../crypto/key-file.js";
import type { KeyKind } from "../crypto/key-store.js";
import { type Rotation, retire, rotate } from "../crypto/rotation.js";
import { softwareKeys } from "../crypto/software-keys.js";
import { writeKeyFile } from "../data-folder-keys.js";
import { checkLedgerKeys, ledgerKeysOf } from "../ledger-keys.js";
import { keyWords, type LedgerPlace } from "../ledger-place.js";
import { systemClock } from "../main.js";
import type { Driver } from "../store/driver.js";
import { COMMAND_LINE } from "../trail.js";

/** The keys of a folder, and the ledger that the acts are written into. The driver's lock keeps a gateway out. */
export interface HeldKeys {
  readonly file: KeyFile;
  readonly keysPath: string;
  readonly place: LedgerPlace;
  readonly storeKey: Uint8Array;
  readonly driver: Driver;
  readonly random: Random;
}

/** What stops working with a version, as far as the database knows it; null where it cannot know. */
export type Use = { readonly what: "PINs" | "terminals"; readonly count: number } | null;

type KeyActResult =
  | { readonly type: "done"; readonly version: number; readonly use: Use }
  | { readonly type: "refused"; readonly code: string; readonly detail: string };

/** Makes a new current version of a kind. */
export async function rotateKeys(held: HeldKeys, kind: KeyKind): Promise<KeyActResult> {
  const result = rotate(held.file, kind, held.random);
  return act(held, { what: "keyRotation", kind, result, use: null });
}

/** Retires a version, where nothing speaks against it. */
export async function retireKeys(
  held: HeldKeys,
  kind: KeyKind,
  version: number,
): Promise<KeyActResult> {
  const use = await useOf(held, kind, version);
  const pinsUnder = await held.driver.keyUse.pinsUnder(version);
  const result = retire(held.file, kind, { version, pinsUnder });
  return act(held, { what: "keyRetirement", kind, result, use });
}

/** What is under a version now. */
export async function useOf(
  { driver, file }: Pick<HeldKeys, "driver" | "file">,
  kind: KeyKind,
  version: number,
): Promise<Use> {
  switch (kind) {
    case "pepper":
      return { what: "PINs", count: await driver.keyUse.pinsUnder(version) };
    case "pinBase": {
      const baseKey = file.pinBaseKeys.find((it) => it.version === version);
      const count = baseKey ? await driver.keyUse.terminalsUnder(baseKey.id) : 0;
      return { what: "terminals", count };
    }
    case "cards":
    case "qr":
      return null;
  }
}

/**
 * The row that it was asked for is durable, then the file, then what the ledger keeps of it, then the row of what came
 * of it. A crash on the way leaves an asked row without an answer, and the file says whether it was done.
 */
function act(
  held: HeldKeys,
  asked: {
    readonly what: "keyRotation" | "keyRetirement";
    readonly kind: KeyKind;
    readonly result: Rotation<KeyFile>;
    readonly use: Use;
  },
): Promise<KeyActResult> {
  const { random } = held;
  const { what, kind, result, use } = asked;
  const ask = createAsking({ store: trailOf(held.driver), clock: systemClock, random });
  const about = result.type === "done" ? `version ${result.version}` : result.detail;
  const notes = [about, ...(use === null ? [] : [`${use.what} ${use.count}`])];
  return ask<KeyActResult>(
    { what, subject: kind, by: COMMAND_LINE, notes },
    {
      async run() {
        if (result.type === "refused") return result;
        await replaceKeys(held, result.keys);
        return { type: "done", version: result.version, use };
      },
      cameOf: (came) =>
        came.type === "done"
          ? { outcome: "applied", notes }
          : { outcome: "refused", refusal: came.code, notes },
    },
  );
}

/**
 * Of two who rotate at a time, in two folders on one database, the second waits for the first and is refused: two keys
 * would have one version.
 *
 * @throws DataFolderError where another rotated or retired since the keys were read; nothing was changed then.
 */
async function replaceKeys(held: HeldKeys, file: KeyFile): Promise<void> {
  const { driver, keysPath: path, place, storeKey, random } = held;
  const keysOf = (of: KeyFile) => ledgerKeysOf(softwareKeys({ file: of, random }));
  await driver.begin("alone");
  try {
    const kept = await driver.keyUse.ledgerKeys();
    checkLedgerKeys({ kept, found: keysOf(held.file), path, words: keyWords(place) });
    writeKeyFile({ path, file, storeKey, random });
    await driver.keyUse.keepLedgerKeys(keysOf(file), kept);
  } catch (error) {
    await driver.rollback();
    throw error;
  }
  await driver.sync();
}

/** The audit trail of a ledger that no gateway holds. */
function trailOf(driver: Driver): Parameters<typeof createAsking>[0]["store"] {
  return {
    // Nobody has watched the clock for long enough to tell.
    checkClock: () => undefined,
    async load(batch, trail = []) {
      await driver.begin("alone");
      for (const row of trail) await driver.applyEvent(row, []);
      await driver.load(batch);
      await driver.sync();
    },
  };
}
