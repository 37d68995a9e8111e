// What the audit trail says of accounts, as far as a ledger can be held to it.

import type { Ledger } from "./driver.js";

/** Events that may give a grant more than it had. */
const GRANTING = ["beneficiary.validated", "commitment.fulfilled", "coupons.loaded"];

/** Events that may give a revoked grant back. */
const RESTORING = ["beneficiary.validated", "commitment.fulfilled"];

/** How far the clock may have stepped back between a sale and an event after it, so that it seems to be before it. */
const CLOCK_STEP_MS = 3_600_000;

/** The instants of what was applied to one account, in the order of the trail. */
interface ToldOfAccount {
  readonly fulfilledAtMs: number[];
  readonly suspendedAtMs: number[];
  readonly liftedAtMs: number[];
  /** Whether grants were ever revoked. */
  revoked: boolean;
  /** Whether nothing that may give a grant back was told since. */
  revocationStands: boolean;
}

export interface Told {
  readonly events: number;
  /** Only accounts of which something was told that is not of every account: few enough to stand in memory. */
  readonly accounts: ReadonlyMap<string, ToldOfAccount>;
}

/** Reads the audit trail once, one event after the other. */
export async function readTold(ledger: Pick<Ledger, "events">): Promise<Told> {
  const accounts = new Map<string, ToldOfAccount>();
  const of = (subject: string): ToldOfAccount => {
    const known = accounts.get(subject) ?? nothingTold();
    accounts.set(subject, known);
    return known;
  };
  let events = 0;
  for await (const { type, subject, outcome, atMs } of ledger.events({ subject: null })) {
    events += 1;
    if (outcome !== "applied") continue;
    if (type === "commitment.fulfilled") of(subject).fulfilledAtMs.push(atMs);
    if (type === "suspension.decided") of(subject).suspendedAtMs.push(atMs);
    if (type === "suspension.lifted") of(subject).liftedAtMs.push(atMs);
    if (type === "grants.revoked") {
      const account = of(subject);
      account.revoked = true;
      account.revocationStands = true;
    }
    const known = accounts.get(subject);
    if (known && RESTORING.includes(type)) known.revocationStands = false;
  }
  return { events, accounts };
}

function nothingTold(): ToldOfAccount {
  const nothingYet = { revoked: false, revocationStands: false };
  return { fulfilledAtMs: [], suspendedAtMs: [], liftedAtMs: [], ...nothingYet };
}

/** Whether an event may have given an account more since an instant. */
export async function wasGrantedSince(
  ledger: Pick<Ledger, "events">,
  { accountId, sinceMs }: { readonly accountId: string; readonly sinceMs: number },
): Promise<boolean> {
  for await (const { type, outcome, atMs } of ledger.events({ subject: accountId })) {
    const isLater = atMs >= sinceMs - CLOCK_STEP_MS;
    if (outcome === "applied" && isLater && GRANTING.includes(type)) return true;
  }
  return false;
}
