// How each refusal of the place, or of what was typed, is reached on the real gateway.

import { nfcEvidence } from "../support/nfc-evidence.js";
import { startOrphan } from "./orphan.js";
import { PURCHASE_CENTS_MAX_OF_BOOKS, SEATS_PER_SALE_MAX } from "./programme.js";
import { enrol } from "./pupils.js";
import { type Heard, type RawTill, rawTill, type SaleFields } from "./raw-till.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };

/** A tap of a pupil who may use everything: only what is asked, or where, can be wrong. */
async function ask(
  rig: Rig,
  asked: Omit<SaleFields, "evidence">,
  till: RawTill = rig.till,
): Promise<Heard> {
  return till.sell({ evidence: rig.tap(await enrol(rig.gateway)), ...asked });
}

async function sellWithoutPartner(rig: Rig): Promise<Heard> {
  const orphan = await startOrphan(rig);
  const till = rawTill(orphan.running.gateway.url, orphan.credentials);
  await orphan.losePartner();
  const heard = await till.sell({
    evidence: nfcEvidence(orphan.running.gateway, orphan.card),
    ...SHOW,
  });
  till.close();
  await orphan.running.stop();
  return heard;
}

export const PLACE_ROWS: readonly GatewayRow[] = [
  {
    code: "TERMINAL_NOT_AUTHORISED",
    by,
    how: "a terminal that was revoked",
    async reach(rig) {
      const till = await rig.elsewhere({ id: "P-REVOKED" });
      await rig.gateway.operator.revokeTerminal("T-P-REVOKED");
      return ask(rig, SHOW, till);
    },
  },
  {
    code: "TERMINAL_NOT_AUTHORISED",
    by,
    how: "a revoked terminal that asks for its profile",
    byHand: true,
    status: 403,
    async reach(rig) {
      const till = await rig.elsewhere({ id: "P-REVOKED-2" });
      await rig.gateway.operator.revokeTerminal("T-P-REVOKED-2");
      return till.read("/v1/terminal");
    },
  },
  {
    code: "PARTNER_UNKNOWN",
    by,
    how: "a database from which the partner was deleted by hand",
    byHand: true,
    elsewhere: true,
    reach: sellWithoutPartner,
  },
  {
    code: "PARTNER_SUSPENDED",
    by,
    how: "a partner that the Région suspended",
    reach: async (rig) =>
      ask(rig, SHOW, await rig.elsewhere({ id: "P-SUSPENDED", status: "suspended" })),
  },
  {
    code: "CONVENTION_NOT_IN_FORCE",
    by,
    how: "a partner that asked for its convention and has not signed it",
    reach: async (rig) =>
      ask(rig, SHOW, await rig.elsewhere({ id: "P-UNSIGNED", conventionState: "REQUESTED" })),
  },
  {
    code: "AVANTAGE_NOT_ACCEPTED_HERE",
    by,
    how: "an avantage that the partner has no agrément for",
    reach: (rig) => ask(rig, { avantage: "EQUIPEMENT", purchaseCents: 500 }),
  },
  {
    code: "CHANNEL_NOT_ALLOWED",
    by,
    how: "a tap for an avantage that asks for the code secret",
    reach: (rig) => ask(rig, { avantage: "LICENCE", purchaseCents: 500 }),
  },
  {
    code: "AMOUNT_INVALID",
    by,
    how: "a purchase of nothing",
    reach: (rig) => ask(rig, { ...SHOW, purchaseCents: 0 }),
  },
  {
    code: "AMOUNT_OVER_LIMIT",
    by,
    how: "a purchase of one cent more than the catalogue's ceiling",
    texts: { maxCents: PURCHASE_CENTS_MAX_OF_BOOKS },
    reach: (rig) =>
      ask(rig, { avantage: "LIVRES_LOISIR", purchaseCents: PURCHASE_CENTS_MAX_OF_BOOKS + 1 }),
  },
  {
    code: "QUANTITY_INVALID",
    by,
    how: "one seat more than the catalogue lets one sale have",
    reach: (rig) => ask(rig, { avantage: "CINEMA", quantity: SEATS_PER_SALE_MAX + 1 }),
  },
  {
    code: "COLLECTIVE_USE_FORBIDDEN",
    by,
    how: "a first-aid training for three on one card (T-34)",
    reach: (rig) => ask(rig, { avantage: "PSC1", purchaseCents: 18_000, quantity: 3 }),
  },
];
