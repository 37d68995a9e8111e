// The programme that a sale was decided under, read back from what the store kept.

import type { Programme } from "../../core/programme.js";
import { readKeptProgrammes } from "../kept-programmes.js";
import type { SettlementOptions } from "./options.js";

/** What was sold cannot be priced. Who must act: the operator; the message says what to do. */
export class UnreadableProgrammeError extends Error {
  override readonly name = "UnreadableProgrammeError";
}

/** Builds what finds a programme by its hash; all kept ones are read again where one is new. */
export function createProgrammes(
  options: Pick<SettlementOptions, "driver" | "programme" | "readProgramme">,
): (hash: string) => Promise<Programme> {
  const { driver, programme, readProgramme } = options;
  let known: ReadonlyMap<string, Programme> = new Map([[programme.hash, programme]]);
  return async (hash) => {
    if (!known.has(hash)) known = (await readKeptProgrammes(driver.ledger(), readProgramme)).read;
    const found = known.get(hash);
    if (found) return found;
    throw new UnreadableProgrammeError(
      `nothing can be settled: this version cannot read programme ${hash}, under which sales were made. Settle with the version that made them, or look at what the verification says of it`,
    );
  };
}
