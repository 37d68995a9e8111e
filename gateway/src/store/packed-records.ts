// The records of a case without the names of their fields, each a list of its values; and back. The order is stored.

import type { Request } from "../core/decision.js";
import type {
  Account,
  Card,
  Convention,
  Grant,
  Hold,
  Partner,
  Proof,
  Suspension,
  Terminal,
  Visit,
} from "../core/model.js";

/** Without the reference that a proof would get, which is drawn at random. */
export const packRequest = (it: Request) =>
  it.kind === "inquiry"
    ? ([
        it.kind,
        it.avantage,
        it.id,
        it.purchaseCents,
        it.quantity,
        it.waitedMs,
        it.deadlineMs,
      ] as const)
    : ([
        it.kind,
        it.avantage,
        it.id,
        it.purchaseCents,
        it.quantity,
        it.waitedMs,
        it.deadlineMs,
        it.exact,
        it.capture,
        it.stepUpOf ?? null,
      ] as const);

export function unpackRequest(packed: ReturnType<typeof packRequest>): Request {
  const [, , id, purchaseCents, quantity, waitedMs, deadlineMs] = packed;
  const asked = { id, purchaseCents, quantity, waitedMs, deadlineMs, proofRef: "" };
  if (packed[0] === "inquiry") return { kind: packed[0], avantage: packed[1], ...asked };
  const [kind, avantage, , , , , , exact, capture, stepUpOf] = packed;
  return { kind, avantage, exact, capture, ...(stepUpOf === null ? {} : { stepUpOf }), ...asked };
}

export const packTerminal = (it: Terminal) =>
  [it.id, it.status, it.pointOfSaleId, it.initialKeyId, it.ksnCounter] as const;

export function unpackTerminal(packed: ReturnType<typeof packTerminal>): Terminal {
  const [id, status, pointOfSaleId, initialKeyId, ksnCounter] = packed;
  return { id, status, pointOfSaleId, initialKeyId, ksnCounter };
}

const packConvention = (it: Convention) =>
  [it.reference, it.state, it.fromMs, it.toMs, it.signature, it.tariffs ?? null] as const;

function unpackConvention(packed: ReturnType<typeof packConvention>): Convention {
  const [reference, state, fromMs, toMs, signature, tariffs] = packed;
  return { reference, state, fromMs, toMs, signature, ...(tariffs === null ? {} : { tariffs }) };
}

export const packPartner = (it: Partner) =>
  [
    it.id,
    it.name,
    it.status,
    it.types,
    it.flags,
    it.conventions.map(packConvention),
    it.agrements,
  ] as const;

export function unpackPartner(packed: ReturnType<typeof packPartner>): Partner {
  const [id, name, status, types, flags, conventions, agrements] = packed;
  return {
    id,
    name,
    status,
    types,
    flags,
    conventions: conventions.map(unpackConvention),
    agrements,
  };
}

export const packCard = (it: Card) =>
  [
    it.id,
    it.status,
    it.generation,
    it.lastFour,
    it.messageCounter,
    it.pinSet,
    it.pinFailures,
    it.tapped,
  ] as const;

export function unpackCard(packed: ReturnType<typeof packCard>): Card {
  const [id, status, generation, lastFour, messageCounter, pinSet, pinFailures, tapped] = packed;
  return { id, status, generation, lastFour, messageCounter, pinSet, pinFailures, tapped };
}

/** Without the holder's name. */
export const packAccount = (it: Account) => [it.id, it.lastDecisionAtMs] as const;

export function unpackAccount(packed: ReturnType<typeof packAccount>): Account {
  const [id, lastDecisionAtMs] = packed;
  return { id, holder: "", lastDecisionAtMs };
}

export const packGrant = (it: Grant) =>
  [
    it.id,
    it.avantage,
    it.campaign,
    it.unit,
    it.amount,
    it.supplement,
    it.spent,
    it.window.fromMs,
    it.window.toMs,
    it.window.firstDay,
    it.window.lastDay,
    it.ageWindow,
    it.rule,
    it.revoked,
  ] as const;

export function unpackGrant(packed: ReturnType<typeof packGrant>): Grant {
  const [id, avantage, campaign, unit, amount, supplement, spent, ...more] = packed;
  const [fromMs, toMs, firstDay, lastDay, ageWindow, rule, revoked] = more;
  const window = { fromMs, toMs, firstDay, lastDay };
  return {
    id,
    avantage,
    campaign,
    unit,
    amount,
    supplement,
    spent,
    window,
    ageWindow,
    rule,
    revoked,
  };
}

export const packHold = (it: Hold) =>
  [it.terminalId, it.attemptId, it.grantId, it.units, it.expiresAtMs] as const;

export function unpackHold(packed: ReturnType<typeof packHold>): Hold {
  const [terminalId, attemptId, grantId, units, expiresAtMs] = packed;
  return { terminalId, attemptId, grantId, units, expiresAtMs };
}

export const packSuspension = (it: Suspension) => [it.id, it.campaign, it.avantages] as const;

export function unpackSuspension(packed: ReturnType<typeof packSuspension>): Suspension {
  const [id, campaign, avantages] = packed;
  return { id, campaign, avantages };
}

export const packVisit = (it: Visit) => [it.avantage, it.atMs] as const;

export function unpackVisit(packed: ReturnType<typeof packVisit>): Visit {
  const [avantage, atMs] = packed;
  return { avantage, atMs };
}

/** Without its reference. */
export const packProof = (it: Proof) =>
  [it.terminalId, it.cardId, it.channel, it.expiresAtMs, it.used] as const;

export function unpackProof(packed: ReturnType<typeof packProof>): Proof {
  const [terminalId, cardId, channel, expiresAtMs, used] = packed;
  return { ref: "", terminalId, cardId, channel, expiresAtMs, used };
}
