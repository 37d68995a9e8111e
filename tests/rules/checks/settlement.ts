// How partners are paid back: from whose account.

import { expect } from "vitest";
import { check, type RuleCheck } from "../support/rule-check.js";

export const SETTLEMENT_CHECKS: readonly RuleCheck[] = [
  check("settings/settlement/payer", "payments leave one account", ({ settings }) => {
    expect(settings.settlement.payer).toEqual({
      name: "Region Auvergne-Rhone-Alpes",
      iban: "FR7630006000011234567890189",
      bic: "AGRIFRPP",
    });
  }),
];
