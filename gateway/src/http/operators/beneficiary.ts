// What agents see of a young person: no number, no flag, no birth day, and never why something was suspended.

import type { Agent } from "../../core/loading/event.js";
import type { BeneficiaryFile } from "../../core/loading/file.js";

/**
 * The file of a young person as an agent may see it. Null where there is none, and just so where the pupil is another
 * établissement's: who is not theirs does not exist for them.
 */
export function beneficiaryView(agent: Agent, file: BeneficiaryFile): object | null {
  const { account } = file;
  if (!account) return null;
  const isEtablissement = agent.role === "etablissement";
  if (isEtablissement && account.etablissement !== agent.etablissement) return null;
  return {
    id: account.id,
    holder: account.holder,
    etablissement: account.etablissement,
    cards: file.cards.map(({ lastFour, status, generation }) => ({ lastFour, status, generation })),
    grants: file.grants.map((grant) => ({
      avantage: grant.avantage,
      campaign: grant.campaign,
      unit: grant.unit,
      amount: grant.amount,
      supplement: grant.supplement,
      // What a pupil spends is no business of the school's.
      ...(isEtablissement ? {} : { spent: grant.spent }),
      firstDay: grant.window.firstDay,
      lastDay: grant.window.lastDay,
      revoked: grant.revoked,
    })),
    ...(isEtablissement ? {} : { suspensions: file.suspensions.map(suspensionView) }),
  };
}

function suspensionView(suspension: BeneficiaryFile["suspensions"][number]): object {
  const { id, campaign, avantages, decisionRef, decidedAtMs, liftedAtMs } = suspension;
  const decidedAt = new Date(decidedAtMs).toISOString();
  const liftedAt = liftedAtMs === null ? null : new Date(liftedAtMs).toISOString();
  return { id, campaign, avantages, decisionRef, decidedAt, liftedAt };
}
