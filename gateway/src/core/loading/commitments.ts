// A commitment fulfilled: one active grant for a person and an avantage, raised by a higher one (T-38).

import { type Reward, rewardsOf } from "../entitlement/commitments.js";
import { ownGrantId } from "../entitlement/ids.js";
import type { Grant } from "../model.js";
import type { Vocabulary } from "../programme.js";
import { windowState } from "../windows.js";
import type { BeneficiaryCase } from "./case.js";
import type { Loaded, LoadWrite } from "./loaded.js";
import { raisedAmounts } from "./raise.js";
import { accountOf, isRefused, type Refused, refused, settled } from "./results.js";

type Fulfilled = BeneficiaryCase<"commitment.fulfilled">;

export function fulfilCommitment(input: Fulfilled): Loaded {
  const { event, file, programme } = input;
  const account = accountOf(file, event.beneficiary);
  if (isRefused(account)) return account;
  const unknown = checkWords(programme.vocabulary, event);
  if (unknown) return unknown;
  const rewarded = rewardsOf({ ...input, fulfilment: event });
  if (rewarded === "NOTHING_FOR_IT") {
    return refused("NOT_IN_PROGRAMME", `no avantage is given for ${event.commitment}`);
  }
  if ("missing" in rewarded) {
    const missing = rewarded.missing.join(" and ");
    return refused("OUT_OF_ORDER", `${event.commitment} needs ${missing}: show it first`);
  }
  const changes = rewarded.rewards.map((reward) => changeFor(reward, account.id, input));
  return settled(
    changes.flatMap(({ writes }) => writes),
    changes.flatMap(({ notes }) => notes),
  );
}

function checkWords(vocabulary: Vocabulary, event: Fulfilled["event"]): Refused | null {
  if (!vocabulary.commitment.includes(event.commitment)) {
    return refused("NOT_IN_PROGRAMME", `the programme has no commitment ${event.commitment}`);
  }
  const proof = event.proofs.find((word) => !vocabulary.proofs.includes(word));
  if (proof === undefined) return null;
  return refused("NOT_IN_PROGRAMME", `the programme has no proof ${proof}`);
}

interface Change {
  readonly writes: readonly LoadWrite[];
  readonly notes: readonly string[];
}

function changeFor(reward: Reward, accountId: string, { file, nowMs }: Fulfilled): Change {
  const { avantage, ...computed } = reward;
  const own = file.grants.filter((grant) => grant.avantage === avantage.code);
  const active = own.find(
    ({ window, revoked }) => !revoked && windowState(window, nowMs) !== "closed",
  );
  if (active === undefined) {
    const no = own.length + 1;
    const grant: Grant = {
      ...computed,
      id: ownGrantId({ accountId, avantage: avantage.code, no }),
      avantage: avantage.code,
      campaign: null,
      unit: avantage.unit,
      spent: 0,
      ageWindow: null,
      revoked: false,
    };
    const notes = own.length === 0 ? [] : [`${grant.id} is granted after an earlier one`];
    return { writes: [{ type: "putGrant", accountId, grant }], notes };
  }
  const raised = raisedAmounts(active, computed);
  if (raised === null) {
    const note = `${active.id} stands at ${active.amount} already: aids for commitments are not added up`;
    return { writes: [], notes: [note] };
  }
  const { id: grantId, amount: amountBefore } = active;
  const { window } = reward;
  return {
    writes: [{ type: "raiseGrant", accountId, grantId, amountBefore, ...raised, window }],
    notes: [],
  };
}
