// A commitment fulfilled: one active grant for a person and an avantage, raised by a higher one (T-38).

import { type Reward, rewardsOf } from "../entitlement/commitments.js";
import { ownGrantId } from "../entitlement/ids.js";
import type { Grant } from "../model.js";
import type { Vocabulary } from "../programme.js";
import { windowState } from "../windows.js";
import type { BeneficiaryCase } from "./case.js";
import type { Loaded, LoadWrite } from "./loaded.js";
import { raisedAmounts, totalOf } from "./raise.js";
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

/**
 * Aids for commitments are not added up (T-38): a higher one raises the grant that runs, a revoked one is given back as
 * the grant that it was, and what was rewarded once is not rewarded again by the same or less.
 */
function changeFor(reward: Reward, accountId: string, { file, nowMs }: Fulfilled): Change {
  const own = file.grants.filter((grant) => grant.avantage === reward.avantage.code);
  const running = own.filter(({ window }) => windowState(window, nowMs) !== "closed");
  const active = running.find(({ revoked }) => !revoked);
  if (active !== undefined) {
    const raise = raiseTo(active, reward, accountId);
    return raise.length > 0 ? { writes: raise, notes: [] } : notAgain(active);
  }
  // What was revoked, and was never more than this, comes back; where two were, the one of which most was spent.
  const [back] = running
    .filter((grant) => totalOf(grant) <= totalOf(reward))
    .sort((a, b) => b.spent - a.spent);
  if (back !== undefined) {
    const restored: LoadWrite = {
      type: "setGrantRevoked",
      accountId,
      grantId: back.id,
      revoked: false,
    };
    const notes = [`${back.id} was revoked and is given back`];
    return { writes: [restored, ...raiseTo(back, reward, accountId)], notes };
  }
  // Revoked before anything was spent of it: it was never a reward.
  const rewarded = own.filter(({ revoked, spent }) => !revoked || spent > 0);
  const enough = rewarded.find((grant) => totalOf(grant) >= totalOf(reward));
  if (enough !== undefined) return notAgain(enough);
  return newGrant(reward, accountId, own);
}

function newGrant(reward: Reward, accountId: string, own: readonly Grant[]): Change {
  const { avantage, ...computed } = reward;
  const { code, unit } = avantage;
  const grant: Grant = {
    ...computed,
    id: ownGrantId({ accountId, avantage: code, no: own.length + 1 }),
    avantage: code,
    campaign: null,
    unit,
    spent: 0,
    ageWindow: null,
    revoked: false,
  };
  const notes = own.length === 0 ? [] : [`${grant.id} is granted after an earlier one`];
  return { writes: [{ type: "putGrant", accountId, grant }], notes };
}

/** In a window that begins anew; nothing where the reward is worth no more. */
function raiseTo(grant: Grant, reward: Reward, accountId: string): readonly LoadWrite[] {
  const raised = raisedAmounts(grant, reward);
  if (raised === null) return [];
  const { id: grantId, amount: amountBefore } = grant;
  const { window } = reward;
  return [{ type: "raiseGrant", accountId, grantId, amountBefore, ...raised, window }];
}

function notAgain({ id, revoked }: Grant): Change {
  const stays = revoked ? "stays revoked" : "stays as it was granted";
  const note = `${id} ${stays}: a commitment that is worth no more gives nothing beside it, to be reviewed`;
  return { writes: [], notes: [note] };
}
