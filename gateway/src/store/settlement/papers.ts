// Everything about a partner that decides what holds what is owed to it, out of its file.

import type { PartnerPapers } from "../../core/settlement/model.js";
import type { Driver } from "../driver.js";

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
  const { declarations, justificatifs, bank } = file;
  return { partnerId, name, types, flags, declarations, justificatifs, bank };
}
