// Reads back the programmes that a store has kept, and tells which of them cannot be believed.

import { createHash } from "node:crypto";
import type { Programme } from "../core/programme.js";
import type { Ledger, StoredProgramme } from "./driver.js";

interface KeptProgrammes {
  /** By hash: what this program can read and what is what its hash says. */
  readonly read: ReadonlyMap<string, Programme>;
  /** Hashes of those in a form that this program does not know. */
  readonly unread: readonly string[];
  /** Hashes of those whose data is another than what was kept. */
  readonly changed: readonly string[];
}

/** All programmes of a ledger. There is one for each change of the catalogue: few enough to stand in memory. */
export async function readKeptProgrammes(
  ledger: Pick<Ledger, "programmes">,
  readProgramme: (json: string) => Programme,
): Promise<KeptProgrammes> {
  const read = new Map<string, Programme>();
  const unread: string[] = [];
  const changed: string[] = [];
  for await (const kept of ledger.programmes()) {
    const { hash } = kept;
    const programme = readable(kept, readProgramme);
    const isChanged = createHash("sha256").update(kept.json).digest("hex") !== hash;
    if (isChanged) changed.push(hash);
    else if (programme === null) unread.push(hash);
    else read.set(hash, programme);
  }
  return { read, unread, changed };
}

function readable(
  { json }: StoredProgramme,
  readProgramme: (json: string) => Programme,
): Programme | null {
  try {
    return readProgramme(json);
  } catch {
    // A form that this version does not know any more.
    return null;
  }
}
