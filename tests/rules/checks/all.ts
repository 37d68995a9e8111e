// Every check of a rule of the catalogue.

import type { RuleCheck } from "../support/rule-check.js";
import { CAMPAIGN_CHECKS } from "./campaigns.js";
import { CARD_CHECKS } from "./cards.js";
import { CULTURE_CHECKS } from "./culture.js";
import { EQUIPEMENT_CHECKS } from "./equipement.js";
import { MANUELS_CHECKS } from "./manuels.js";
import { PERMIS_CHECKS } from "./permis.js";
import { SANTE_CHECKS } from "./sante.js";
import { SETTLEMENT_CHECKS } from "./settlement.js";
import { SPORT_CHECKS } from "./sport.js";

export const RULE_CHECKS: readonly RuleCheck[] = [
  ...CAMPAIGN_CHECKS,
  ...MANUELS_CHECKS,
  ...EQUIPEMENT_CHECKS,
  ...SPORT_CHECKS,
  ...CULTURE_CHECKS,
  ...SANTE_CHECKS,
  ...PERMIS_CHECKS,
  ...CARD_CHECKS,
  ...SETTLEMENT_CHECKS,
];
