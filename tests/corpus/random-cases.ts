// Random cases of a decision under a given programme: in order for the most part, with one or two things amiss.

import fc from "fast-check";
import { parisDay } from "../../gateway/src/catalogue/civil-dates.js";
import type { DecideInput } from "../../gateway/src/core/attempt.js";
import type { Request } from "../../gateway/src/core/decision.js";
import type { Facts } from "../../gateway/src/core/facts.js";
import type { AvantageRule, Programme } from "../../gateway/src/core/programme.js";
import { aProof, inquiryCase, nfcFacts, pinFacts, qrFacts, saleCase } from "../support/builders.js";
import { conventions, grant, instants, mostly, suspensions } from "./random-rights.js";

const pin = fc
  .record({
    initialKeyId: mostly("1234567890123456", "FFFFFFFFFFFFFFFF"),
    counter: mostly(7, 6, 5),
    counterUsable: mostly(true, false),
    opened: mostly(true, false),
    matches: fc.oneof(
      { weight: 4, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  })
  .map(pinFacts);
const typedPin = fc.oneof(
  { weight: 12, arbitrary: pin },
  { weight: 1, arbitrary: fc.constant(null) },
);
const token = mostly<Extract<Facts, { kind: "qr" }>["token"]>(
  "valid",
  "malformed",
  "unknownKey",
  "wrongSignature",
  "outOfTime",
);

const facts: fc.Arbitrary<Facts> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record({ genuine: mostly(true, false), counter: mostly(11, 10, 12, 3) })
      .map(nfcFacts),
  },
  { weight: 3, arbitrary: fc.constant<Facts>({ kind: "nfcIdentifier" }) },
  {
    weight: 4,
    arbitrary: fc.record({ token, pin: typedPin }).map((it) => qrFacts(it)),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ token, pin: typedPin })
      .map((it) => qrFacts({ ...it, tokenKind: "number", keyId: null })),
  },
  {
    weight: 2,
    arbitrary: typedPin.map((it) =>
      qrFacts({ tokenKind: "app", appCode: { key: "app-1", expiresAtMs: 1 }, pin: it }),
    ),
  },
  { weight: 2, arbitrary: typedPin.map((it): Facts => ({ kind: "keyed", pin: it })) },
  { weight: 3, arbitrary: fc.constant<Facts>({ kind: "proof" }) },
  { weight: 3, arbitrary: pin.map((it): Facts => ({ kind: "proof", pin: it })) },
);

/** The generation whose cards present themselves so. */
function generationFor(of: Facts): string {
  const isStepUp = of.kind === "proof" && of.pin !== undefined;
  const isBareNumber = of.kind === "qr" && of.tokenKind === "number";
  return of.kind === "nfcIdentifier" || isBareNumber || isStepUp ? "ID-1" : "SDM-1";
}

const card = fc.record({
  status: mostly<"ACTIVE" | "LOST" | "STOLEN" | "BLOCKED" | "REPLACED" | "EXPIRED" | "ORDERED">(
    "ACTIVE",
    "LOST",
    "STOLEN",
    "BLOCKED",
    "REPLACED",
    "EXPIRED",
    "ORDERED",
  ),
  pinSet: mostly(true, false),
  pinFailures: fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2, 3) },
  ),
  tappedCents: fc.constantFrom(null, null, 100, 3_500, 5_900, 6_000),
});

const asked = fc.record({
  kind: fc.constantFrom("sale", "sale", "sale", "inquiry"),
  named: fc.boolean(),
  form: mostly("fitting", "nothing", "both", "swapped"),
  purchaseCents: fc.constantFrom(1, 999, 1_000, 2_500, 3_000, 3_001, 6_000, 9_000),
  quantity: fc.constantFrom(1, 1, 2, 3, 4, 0, 99, 100),
  exact: mostly(false, true),
  capture: mostly(true, false),
  waitedMs: mostly(0, 3_999, 4_000),
});

const around = fc.record({
  facts,
  card,
  strange: mostly("", "unknownCard", "oldCard", "newCard", "unknownAvantage", "unknownPartner"),
  terminal: mostly<"active" | "revoked">("active", "revoked"),
  partner: mostly<"active" | "suspended">("active", "suspended"),
  partnerFlags: fc.subarray(["combatSport", "achatGroupe", "appelAProjet2022"]),
  partnerTypes: mostly(true, false),
  agreed: mostly(true, false),
  proof: fc.constantFrom("good", "good", "good", "QR", "none", "used", "expired", "elsewhere"),
  appCodeUsed: mostly(false, true),
  visitAgoMs: fc.constantFrom(null, null, 1, 59_999, 60_000),
  recentSales: fc.constantFrom(0, 0, 1, 2, 3, 4),
  ahead: mostly(0, 1),
  others: fc.nat({ max: 2 }),
});

type Around = typeof around extends fc.Arbitrary<infer T> ? T : never;
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** What an earlier sale keeps, about to expire or not. */
const held = (nowMs: number) =>
  fc.record({
    terminalId: fc.constant("terminal-1"),
    units: fc.constantFrom(1, 2, 500, 2_500, 3_000),
    expiresAtMs: fc.constantFrom(-1, 0, 1, 60_000).map((byMs) => nowMs + byMs),
  });

/** A random input of a decision under a programme. */
export function randomCase(programme: Programme): fc.Arbitrary<DecideInput<Request>> {
  const rules = [...programme.avantages.values()];
  return fc.tuple(fc.constantFrom(...rules), instants(programme)).chain(([rule, nowMs]) => {
    const own = fc.array(grant(rule, programme, nowMs), { maxLength: 3 });
    const granted = rules.filter(({ needsGrant }) => needsGrant);
    const other = fc.constantFrom(...granted).chain((another) => grant(another, programme, nowMs));
    return fc
      .record({
        ask: asked,
        at: around,
        own: rule.needsGrant ? own : fc.constant([]),
        others: fc.array(other, { maxLength: 3 }),
        held: fc.array(held(nowMs), { maxLength: 2 }),
        conventions: conventions(programme),
        suspensions: suspensions(programme, rule.code),
      })
      .map(({ ask, at, others, held: holding, ...rest }) => {
        const given = [...rest.own, ...others];
        const grants = given.filter(
          ({ id }, index) => given.findIndex((it) => it.id === id) === index,
        );
        const holds =
          grants.length === 0
            ? []
            : holding.map((one, index) => ({
                ...one,
                attemptId: `earlier-${index}`,
                grantId: grants[index % grants.length]?.id ?? "",
              }));
        const options = optionsOf({ rule, nowMs, programme, ask, at });
        const { conventions: partnerConventions, suspensions: suspended } = rest;
        const partner = options.partner && {
          ...options.partner,
          conventions: partnerConventions,
        };
        const all = { ...options, partner, grants, holds, suspensions: suspended };
        const { avantage, ...unnamed } = all;
        if (ask.kind === "sale") return saleCase(all);
        return inquiryCase(ask.named ? all : unnamed);
      });
  });
}

function generationOf({ strange, facts: of }: Around): string {
  if (strange === "oldCard") return "ID-1";
  return strange === "newCard" ? "SDM-1" : generationFor(of);
}

function formOf({ unit }: AvantageRule, { form, purchaseCents, quantity }: Asked) {
  const counted = unit === "SEAT" || unit === "COUPON";
  const both = { purchaseCents, quantity };
  const cents = { purchaseCents, quantity: null };
  const count = { purchaseCents: null, quantity };
  if (form === "both") return both;
  if (form === "nothing") return { purchaseCents: null, quantity: null };
  if (form === "swapped") return counted ? cents : count;
  if (unit === "EUR_CENT") return cents;
  return counted ? count : { purchaseCents: null, quantity: null };
}

function proofOf(at: Around, nowMs: number) {
  const good = { expiresAtMs: nowMs + 1 };
  switch (at.proof) {
    case "none":
      return null;
    case "used":
      return aProof({ ...good, used: true });
    case "expired":
      return aProof({ expiresAtMs: nowMs });
    case "elsewhere":
      return aProof({ ...good, terminalId: "terminal-2" });
    case "QR":
      return aProof({ ...good, channel: "QR" });
    default:
      return aProof(good);
  }
}

/** The protocol takes a code secret after a tap in a sale alone. */
function factsOf({ kind }: Asked, { facts: given }: Around): Facts {
  return kind === "inquiry" && given.kind === "proof" ? { kind: "proof" } : given;
}

/** What {@link saleCase} and {@link inquiryCase} take. */
function optionsOf(of: {
  readonly rule: AvantageRule;
  readonly nowMs: number;
  readonly programme: Programme;
  readonly ask: Asked;
  readonly at: Around;
}) {
  const { rule, nowMs, programme, ask, at } = of;
  const { tappedCents, ...cardChange } = at.card;
  const tapped = tappedCents === null ? null : { day: parisDay(nowMs), cents: tappedCents };
  const { visitAgoMs } = at;
  const others = [...programme.avantages.keys()].filter((code) => code !== rule.code);
  return {
    avantage: at.strange === "unknownAvantage" ? "INCONNU" : rule.code,
    ...formOf(rule, ask),
    exact: ask.exact,
    capture: ask.capture,
    waitedMs: ask.waitedMs,
    facts: factsOf(ask, at),
    programme,
    nowMs,
    terminal: { status: at.terminal },
    partner:
      at.strange === "unknownPartner"
        ? null
        : {
            status: at.partner,
            flags: at.partnerFlags,
            ...(at.partnerTypes ? {} : { types: ["EVENT"] }),
            agrements: [...(at.agreed ? [rule.code] : []), ...others.slice(0, at.others)],
          },
    card:
      at.strange === "unknownCard"
        ? null
        : {
            ...cardChange,
            tapped,
            generation: generationOf(at),
          },
    account: { lastDecisionAtMs: nowMs - 1 + at.ahead },
    proof: at.facts.kind === "proof" ? proofOf(at, nowMs) : null,
    appCodeUsed: at.facts.kind === "qr" && at.facts.appCode !== null && at.appCodeUsed,
    visits: visitAgoMs === null ? [] : [{ avantage: rule.code, atMs: nowMs - visitAgoMs }],
    recentSalesMs: Array.from({ length: at.recentSales }, (_, index) => nowMs - 600_000 + index),
  };
}
