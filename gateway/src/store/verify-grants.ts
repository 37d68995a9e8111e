// Holds every grant to its entries, to the rule that gave it, to what sales saw of it, and to the audit trail.

import {
  type DrawnGrant,
  type DrawnGrants,
  drawnKey,
  textOfTerms,
  totalOf,
} from "./drawn-grants.js";
import type { Ledger, OwnedGrant } from "./driver.js";
import type { Findings } from "./findings.js";
import type { GrantRules } from "./grant-rules.js";
import { nameOfGrant } from "./row-names.js";
import { type Told, wasGrantedSince } from "./told.js";

interface GrantsInput {
  readonly ledger: Ledger;
  readonly drawn: DrawnGrants;
  readonly rules: GrantRules;
  readonly told: Told;
  readonly faults: Findings;
}

interface GrantFigures {
  readonly grants: number;
  /** Of them, those that no rule of a kept programme gave: there is no rule to hold them to. */
  readonly grantsWithoutRule: number;
  /** Σ of all entries, by unit. */
  readonly debited: Readonly<Record<string, number>>;
}

/** Checks all grants, one after the other. */
export async function checkGrants(input: GrantsInput): Promise<GrantFigures> {
  const { ledger, drawn, rules, told, faults } = input;
  const debited: Record<string, number> = {};
  const unmoved = new Set(drawn.keys());
  const revoked = new Set<string>();
  let [grants, grantsWithoutRule] = [0, 0];
  for await (const grant of ledger.grants()) {
    const { accountId, id, unit } = grant;
    grants += 1;
    if (!rules.isKnown(grant.rule)) grantsWithoutRule += 1;
    const key = drawnKey(accountId, id);
    const moved = drawn.get(key);
    if (unmoved.delete(key)) debited[unit] = (debited[unit] ?? 0) + (moved?.total ?? 0);
    if (grant.revoked) revoked.add(accountId);
    for (const fault of await grantFaults(grant, moved, input)) {
      faults.add(`${nameOfGrant(grant)}: ${fault}`);
    }
  }
  for (const key of unmoved) {
    const total = drawn.get(key)?.total;
    faults.add(`grant ${key}: its entries add up to ${total}, and it is not there`);
  }
  for (const [accountId, { revocationStands }] of told.accounts) {
    if (revocationStands && !revoked.has(accountId)) {
      faults.add(`account ${accountId}: grants were revoked, and none of its grants is`);
    }
  }
  return { grants, grantsWithoutRule, debited };
}

async function grantFaults(
  grant: OwnedGrant,
  moved: DrawnGrant | undefined,
  { ledger, rules, told }: GrantsInput,
): Promise<readonly string[]> {
  const of = told.accounts.get(grant.accountId);
  const unexplained = grant.revoked && of?.revoked !== true;
  return [
    ...balanceFaults(grant, moved?.total ?? 0),
    ...(rules.isKnown(grant.rule) ? rules.misfits(grant, of?.fulfilledAtMs ?? []) : []),
    ...(unexplained ? ["it is revoked, and no event revoked it"] : []),
    ...(await sightingFaults(grant, moved?.seen ?? null, ledger)),
  ];
}

function balanceFaults(grant: OwnedGrant, total: number): readonly string[] {
  const { spent } = grant;
  const held = totalOf(grant);
  return [
    ...(total === spent ? [] : [`spent ${spent}, its entries add up to ${total}`]),
    ...(spent < 0 || spent > held ? [`spent ${spent} of ${held}`] : []),
  ];
}

/** A grant never has less than a sale saw (T-47), and something else only by an event since. */
async function sightingFaults(
  grant: OwnedGrant,
  seen: DrawnGrant["seen"],
  ledger: Ledger,
): Promise<readonly string[]> {
  if (seen === null || textOfTerms(grant) === textOfTerms(seen.terms)) return [];
  const { terms, atMs } = seen;
  if (grant.amount < terms.amount || totalOf(grant) < totalOf(terms)) {
    return [`it has ${totalOf(grant)}, and a sale saw ${totalOf(terms)}`];
  }
  const { accountId } = grant;
  if (await wasGrantedSince(ledger, { accountId, sinceMs: atMs })) return [];
  const changed = `${textOfTerms(terms)}, now ${textOfTerms(grant)}`;
  return [`it is another than its last sale saw, without an event since: ${changed}`];
}
