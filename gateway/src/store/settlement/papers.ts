// Everything about a partner that decides what is owed to it, out of its file.

import type { PartnerPapers } from "../../core/settlement/model.js";
import type { Driver } from "../driver.js";

/** Builds what reads a partner's papers, each once; null where there is no such partner. */
export function createPapersReader(
  driver: Pick<Driver, "readPartner">,
): (partnerId: string) => Promise<PartnerPapers | null> {
  const known = new Map<string, PartnerPapers | null>();
  return async (partnerId) => {
    const before = known.get(partnerId);
    if (before !== undefined) return before;
    const papers = await readPapers(driver, partnerId);
    known.set(partnerId, papers);
    return papers;
  };
}

/** A partner's papers as they are now; null where there is no such partner. */
export async function readPapers(
  driver: Pick<Driver, "readPartner">,
  partnerId: string,
): Promise<PartnerPapers | null> {
  const file = await driver.readPartner({
    id: partnerId,
    pointOfSaleId: null,
    conventionReference: null,
  });
  if (file.partner === null) return null;
  const { name, types, flags } = file.partner;
  const { conventions, declarations, justificatifs, bank } = file;
  return { partnerId, name, types, flags, conventions, declarations, justificatifs, bank };
}
