// The checked-in catalogue with an open campaign, and as data the limits that the source does not set but allows.

import { programmeAround } from "../support/running-gateway.js";

const invented = "For tests: a limit that the source does not set.";

export const PURCHASE_CENTS_MAX_OF_BOOKS = 10_000;
export const SEATS_PER_SALE_MAX = 4;
export const SALES_PER_MINUTE_MAX = 4;

const LIMITS: Readonly<Record<string, object>> = {
  LIVRES_LOISIR: { kind: "purchaseMax", cents: PURCHASE_CENTS_MAX_OF_BOOKS },
  CINEMA: { kind: "unitsPerSaleMax", units: SEATS_PER_SALE_MAX },
  LICENCE: { kind: "channels", channels: ["QR", "KEYED"] },
};

interface Data {
  readonly avantages?: readonly { readonly code: string; readonly rules: readonly object[] }[];
  readonly settings?: object;
}

/** Licences by code secret alone, books up to 100 €, four seats a sale, four sales a minute. */
export function limitedProgramme(nowMs: number): object {
  const programme: Data = programmeAround(nowMs);
  const { avantages = [], settings } = programme;
  return {
    ...programme,
    avantages: avantages.map((avantage) => {
      const limit = LIMITS[avantage.code];
      const added = { id: `${avantage.code}/limit`, ...limit, invented };
      return limit ? { ...avantage, rules: [...avantage.rules, added] } : avantage;
    }),
    settings: { ...settings, velocity: { salesMax: SALES_PER_MINUTE_MAX, withinSeconds: 60 } },
  };
}
