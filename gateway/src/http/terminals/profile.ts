// The route that tells a terminal what it is, what it may take, and what cards present.

import {
  GATEWAY_DEADLINE_MS,
  PURCHASE_CENTS_MAX,
  QUANTITY_MAX,
  type TerminalProfile,
} from "@pass-tpe/protocol";
import type { Place } from "../../core/ports.js";
import type { Programme } from "../../core/programme.js";
import { notFound } from "./decided.js";
import type { Call, Reply, RouteContext } from "./route.js";

export async function terminalProfile(context: RouteContext, call: Call): Promise<Reply> {
  const place = await context.store.place(call.terminalId);
  if (!place) throw notFound();
  return { body: profileOf(context, place) };
}

function profileOf({ programme, clock, qrKeys }: RouteContext, place: Place): TerminalProfile {
  const { terminalId, partner, pointOfSale, agrements } = place;
  return {
    terminalId,
    partner,
    pointOfSale,
    receiptHeader: [partner.name, pointOfSale.name, pointOfSale.city],
    avantages: agrements.flatMap((code) => {
      const rule = programme.avantages.get(code);
      return rule ? [{ avantage: rule.code, label: rule.label, unit: rule.unit }] : [];
    }),
    qrKeys: qrKeys(),
    presentations: presentationsOf(programme),
    limits: {
      purchaseCentsMax: PURCHASE_CENTS_MAX,
      quantityMax: QUANTITY_MAX,
      deadlineMs: GATEWAY_DEADLINE_MS,
    },
    serverTimeMs: clock.nowMs(),
  };
}

/** What the older cards of the programme present, so that a terminal does not refuse them by itself. */
function presentationsOf({ generations }: Programme): TerminalProfile["presentations"] {
  const inCirculation = [...generations.values()];
  return {
    nfcIdentifier: inCirculation.some(({ nfc }) => nfc === "identifier"),
    qrNumber: inCirculation.some(({ qr }) => qr === "number"),
  };
}
