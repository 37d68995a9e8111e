// What the double says about the terminal that asks: its place, what it may take, the demo card's issuer.

import {
  GATEWAY_DEADLINE_MS,
  PURCHASE_CENTS_MAX,
  QUANTITY_MAX,
  type TerminalProfile,
} from "@pass-tpe/protocol";
import type { GatewayParts } from "./parts.js";

export const TERMINAL_ID = "T-DOUBLE";
const PARTNER = { id: "P-DOUBLE", name: "Partenaire de test" };
const POINT_OF_SALE = { id: "S-DOUBLE", name: "Caisse de test", city: "Lyon" };

export function profileOf({ ledger, demoCard, nowMs }: GatewayParts): TerminalProfile {
  return {
    terminalId: TERMINAL_ID,
    partner: PARTNER,
    pointOfSale: POINT_OF_SALE,
    receiptHeader: [PARTNER.name, POINT_OF_SALE.name, POINT_OF_SALE.city],
    avantages: ledger.avantages().map(({ avantage, label, unit }) => ({ avantage, label, unit })),
    qrKeys: [demoCard.issuerKey],
    presentations: { nfcIdentifier: false, qrNumber: false },
    limits: {
      purchaseCentsMax: PURCHASE_CENTS_MAX,
      quantityMax: QUANTITY_MAX,
      deadlineMs: GATEWAY_DEADLINE_MS,
    },
    serverTimeMs: nowMs(),
  };
}
