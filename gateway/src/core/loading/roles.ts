// Who may send which event.

import type { Agent, LoadEvent, Role } from "./event.js";
import { type Refused, refused } from "./results.js";

const OPERATOR: readonly Role[] = ["operator"];
const REGION: readonly Role[] = ["region"];
const BOTH: readonly Role[] = ["operator", "region"];

/** Only the Région suspends; an établissement validates, and that its own pupils only (see validation). */
const ROLES: Readonly<Record<LoadEvent["type"], readonly Role[]>> = {
  "card.ordered": OPERATOR,
  "beneficiary.validated": ["operator", "etablissement"],
  "beneficiary.moved": OPERATOR,
  "card.made": OPERATOR,
  "card.issued": OPERATOR,
  "card.replaced": OPERATOR,
  "card.withdrawn": OPERATOR,
  "card.restored": OPERATOR,
  "commitment.fulfilled": BOTH,
  "coupons.loaded": BOTH,
  "grants.revoked": BOTH,
  "suspension.decided": REGION,
  "suspension.lifted": REGION,
  "partner.saved": BOTH,
  "pointOfSale.saved": BOTH,
  "convention.saved": BOTH,
  "agrement.given": BOTH,
  "agrement.withdrawn": BOTH,
  "bankAccount.saved": BOTH,
  "equipment.declared": BOTH,
  "justificatif.received": BOTH,
  "justificatif.rejected": BOTH,
  "incivility.reported": BOTH,
};

export function checkRole(type: LoadEvent["type"], { role }: Agent): Refused | null {
  const roles = ROLES[type];
  if (roles.includes(role)) return null;
  return refused(
    "NOT_ALLOWED",
    `${type} is not for the role ${role}: it is sent by ${roles.join(" or ")}`,
  );
}
