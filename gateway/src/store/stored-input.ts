// What a decision was made from, as it is stored with its attempt: enough to decide it again, and no secret.

import type { Request } from "../core/decision.js";
import type { Facts } from "../core/facts.js";
import type { Partner, Snapshot } from "../core/model.js";
import {
  packAccount,
  packCard,
  packGrant,
  packHold,
  packPartner,
  packProof,
  packRequest,
  packSuspension,
  packTerminal,
  packVisit,
  unpackAccount,
  unpackCard,
  unpackGrant,
  unpackHold,
  unpackPartner,
  unpackProof,
  unpackRequest,
  unpackSuspension,
  unpackTerminal,
  unpackVisit,
} from "./packed-records.js";

export interface StoredInput {
  readonly request: Request;
  readonly facts: Facts;
  readonly snapshot: Snapshot;
  readonly nowMs: number;
  /** The Paris civil date of `nowMs`, `YYYY-MM-DD`. */
  readonly day: string;
}

/**
 * Begins every stored input, and says in which form it is. Inputs are much of what a sale writes, so that this form is
 * lists without the names of fields; the first one was an object with them all.
 */
const FORM = 2;

/**
 * What a sale that was approved was decided from, without the grants that it did not look at: those of other avantages
 * matter only to a refusal, which speaks of them.
 */
export function lookedAt(
  { avantage, kind }: Request,
  snapshot: Snapshot,
  { approved }: { readonly approved: boolean },
): Snapshot {
  if (!approved || kind !== "authorization") return snapshot;
  return { ...snapshot, grants: snapshot.grants.filter((grant) => grant.avantage === avantage) };
}

/** Serializes a decision's input, without what is not needed to decide: the holder's name, references to proofs. */
export function storedInput({ request, facts, snapshot, nowMs, day }: StoredInput): string {
  const { partner } = snapshot;
  const others = JSON.stringify(packOthers({ request, facts, snapshot, nowMs, day }));
  return `[${FORM},${partner === null ? "null" : textOfPartner(partner)},${others.slice(1)}`;
}

const packOthers = ({ request, facts, snapshot, nowMs, day }: StoredInput) => {
  const { terminal, card, account, proof } = snapshot;
  return [
    packRequest(request),
    facts,
    packTerminal(terminal),
    card && packCard(card),
    account && packAccount(account),
    snapshot.grants.map(packGrant),
    snapshot.holds.map(packHold),
    snapshot.suspensions.map(packSuspension),
    snapshot.visits.map(packVisit),
    snapshot.recentSalesMs,
    proof && packProof(proof),
    snapshot.appCodeUsed,
    nowMs,
    day,
  ] as const;
};

/** A partner is the same for many sales, as long as nothing changes it: then whoever reads it makes another record. */
const partnerTexts = new WeakMap<Partner, string>();

function textOfPartner(partner: Partner): string {
  const known = partnerTexts.get(partner);
  if (known !== undefined) return known;
  const text = JSON.stringify(packPartner(partner));
  partnerTexts.set(partner, text);
  return text;
}

/** Reads a stored input back. It was written by {@link storedInput}; anything else is corruption and throws. */
export function parseStoredInput(text: string): StoredInput {
  const parsed: unknown = JSON.parse(text);
  const input = isPacked(parsed) ? unpacked(parsed) : ofFirstForm(parsed);
  const { request, facts, snapshot, day } = input;
  if (!request || !facts || !snapshot || typeof day !== "string") {
    throw new SyntaxError("not the input of a decision");
  }
  return input;
}

type Packed = readonly [
  form: number,
  partner: ReturnType<typeof packPartner> | null,
  ...others: ReturnType<typeof packOthers>,
];

/** By its begin; a list that is no input is met when it is taken apart. */
const isPacked = (parsed: unknown): parsed is Packed => Array.isArray(parsed);

function unpacked([form, partner, ...others]: Packed): StoredInput {
  if (form !== FORM) throw new SyntaxError(`an input of form ${form}, which is not known`);
  const [request, facts, terminal, card, account, grants, holds, ...more] = others;
  const [suspensions, visits, recentSalesMs, proof, appCodeUsed, nowMs, day] = more;
  return {
    request: unpackRequest(request),
    facts,
    snapshot: {
      terminal: unpackTerminal(terminal),
      partner: partner && unpackPartner(partner),
      card: card && unpackCard(card),
      account: account && unpackAccount(account),
      grants: grants.map(unpackGrant),
      holds: holds.map(unpackHold),
      suspensions: suspensions.map(unpackSuspension),
      visits: visits.map(unpackVisit),
      recentSalesMs,
      proof: proof && unpackProof(proof),
      appCodeUsed,
    },
    nowMs,
    day,
  };
}

/** What was written before there were holds knows of none, and was taken at once. */
function ofFirstForm(parsed: unknown): StoredInput {
  const input = parsed as StoredInput;
  const { request, snapshot } = input;
  const asked = request?.kind === "authorization" ? { ...TAKEN_AT_ONCE, ...request } : request;
  return { ...input, request: asked, snapshot: snapshot && { ...WITHOUT_HOLDS, ...snapshot } };
}

const TAKEN_AT_ONCE = { capture: true };
const WITHOUT_HOLDS = { holds: [] };
