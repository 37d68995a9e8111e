// Random events of loading as data, and what turns one into the event of a programme: mostly fitting, now and then not.

import fc from "fast-check";
import type {
  Attributes,
  LoadEvent,
  LoadedCard,
  Scope,
} from "../../../gateway/src/core/loading/event.js";
import type { Convention, Programme } from "../../../gateway/src/core/model.js";
import { dayAfter } from "./days.js";

/** The one index that stands for a word that nobody knows. */
const ODD = 60;
const index = fc.nat({ max: ODD });
const UNKNOWN = "INCONNU";
const ETABLISSEMENTS = ["E-0", "E-1"];
const CONVENTION_STATES = ["REQUESTED", "SENT_FOR_SIGNATURE", "SIGNED", "IN_FORCE", "TERMINATED"];
const DAY_MS = 86_400_000;

const scope = fc.option(fc.array(index, { minLength: 1, maxLength: 3 }), { freq: 3 });
const kind = <T extends string>(type: T) => ({ type: fc.constant(type), beneficiary: index });
const ofPartner = <T extends string>(type: T) => ({ type: fc.constant(type) });

const validated = fc.record({
  ...kind("beneficiary.validated"),
  campaign: index,
  etablissement: fc.constantFrom(0, 0, 0, 0, 0, 1),
  words: fc.tuple(index, index, index),
  formation: fc.option(index),
  flags: fc.array(index, { maxLength: 2 }),
  bornDaysBefore: fc.option(fc.nat({ max: 12_000 })),
});
const ordered = fc.record({
  ...kind("card.ordered"),
  campaign: index,
  etablissement: fc.constantFrom(0, 0, 0, 0, 0, 1),
  charter: fc.integer({ min: -1, max: 9 }),
  otherName: fc.nat({ max: 9 }).map((it) => it === 0),
});
const cardEvent = fc.record({
  ...kind("card"),
  what: fc.constantFrom("made", "issued", "replaced"),
  card: index,
  replaced: index,
});
const withdrawn = fc.record({
  ...kind("card.withdrawn"),
  card: index,
  status: fc.constantFrom("BLOCKED", "BLOCKED", "BLOCKED", "LOST", "STOLEN", "EXPIRED"),
});
const fulfilled = fc.record({
  ...kind("commitment.fulfilled"),
  commitment: index,
  proofs: fc.array(index, { maxLength: 3 }),
});
const convention = fc.record({
  ...ofPartner("convention.saved"),
  reference: fc.constantFrom("K-1", "K-2"),
  state: index,
  fromDays: fc.integer({ min: -30, max: 5 }),
  days: fc.integer({ min: -1, max: 60 }),
  signed: fc.integer({ min: 0, max: 3 }),
});
const partnerSaved = fc.record({
  ...ofPartner("partner.saved"),
  status: fc.constantFrom("active", "active", "suspended"),
  types: fc.array(index, { minLength: 1, maxLength: 3 }),
  all: fc.boolean(),
});

/** About a young person; `card.*` change what the person holds. */
const rights = fc.oneof(
  { weight: 6, arbitrary: validated },
  { weight: 1, arbitrary: ordered },
  {
    weight: 1,
    arbitrary: fc.record({ ...kind("beneficiary.moved"), etablissement: fc.nat({ max: 1 }) }),
  },
  { weight: 3, arbitrary: fulfilled },
  {
    weight: 3,
    arbitrary: fc.record({
      ...kind("coupons.loaded"),
      campaign: index,
      avantage: index,
      count: fc.nat({ max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...kind("grants.revoked"), campaign: index, scope }) },
  {
    weight: 3,
    arbitrary: fc.record({
      ...kind("suspension.decided"),
      no: fc.nat({ max: 3 }),
      campaign: index,
      scope,
      decision: fc.nat({ max: 9 }).map((it) => it === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ ...kind("suspension.lifted"), no: fc.nat({ max: 3 }) }),
  },
);
const cards = fc.oneof(
  { weight: 2, arbitrary: withdrawn },
  { weight: 3, arbitrary: fc.record({ ...kind("card.restored"), card: index }) },
  { weight: 1, arbitrary: cardEvent },
);
const partners = fc.oneof(
  partnerSaved,
  convention,
  fc.record({ ...ofPartner("agrement.given"), avantage: index }),
  fc.record({ ...ofPartner("agrement.withdrawn"), avantage: index }),
  fc.record({ ...ofPartner("pointOfSale.saved"), city: fc.constantFrom("Lyon", "Vichy") }),
  fc.record({ ...ofPartner("incivility.reported"), report: fc.constantFrom("R-1", "R-2") }),
);

/** An event as indexes into whatever programme it is sent to. */
export const randomEvent = fc.oneof(
  { weight: 6, arbitrary: rights },
  { weight: 2, arbitrary: cards },
  { weight: 2, arbitrary: partners },
);
export type EventStep = typeof randomEvent extends fc.Arbitrary<infer T> ? T : never;

/** Where random events happen. */
export interface EventWorld {
  readonly programme: Programme;
  readonly partner: string;
  readonly beneficiaries: readonly string[];
  /** First those that the beneficiaries hold, each in its owner's place, then others. */
  readonly cards: readonly LoadedCard[];
  readonly holder: string;
  /** Paris civil date. */
  readonly today: string;
}

function pick(words: readonly string[], at: number): string {
  return at === ODD ? UNKNOWN : (words[at % words.length] ?? UNKNOWN);
}

const keys = (map: ReadonlyMap<string, unknown>) => [...map.keys()];

/** The event that a step means in a world. */
export function eventOf(step: EventStep, world: EventWorld): LoadEvent {
  return "beneficiary" in step ? beneficiaryEventOf(step, world) : partnerEventOf(step, world);
}

function beneficiaryEventOf(
  step: Extract<EventStep, { beneficiary: number }>,
  world: EventWorld,
): LoadEvent {
  const { programme, holder, today } = world;
  const beneficiary = pick(world.beneficiaries, step.beneficiary);
  const campaigns = programme.campaigns.map(({ code }) => code);
  const avantages = keys(programme.avantages);
  const scopeOf = (list: readonly number[] | null): Scope =>
    list === null ? "ALL" : [...new Set(list.map((at) => pick(avantages, at)))];
  const etablissement = (at: number) => ETABLISSEMENTS[at] ?? UNKNOWN;
  switch (step.type) {
    case "beneficiary.validated":
      return {
        type: step.type,
        beneficiary,
        campaign: pick(campaigns, step.campaign),
        etablissement: etablissement(step.etablissement),
        attributes: attributesOf(step, world),
      };
    case "card.ordered":
      return {
        type: step.type,
        beneficiary,
        holder: step.otherName ? "Alex Z." : holder,
        etablissement: etablissement(step.etablissement),
        campaign: pick(campaigns, step.campaign),
        charterAcceptedOn: step.charter < 0 ? null : dayAfter(today, -step.charter),
      };
    case "beneficiary.moved":
      return { type: step.type, beneficiary, etablissement: etablissement(step.etablissement) };
    case "commitment.fulfilled":
      return {
        type: step.type,
        beneficiary,
        commitment: pick(programme.vocabulary.commitment, step.commitment),
        proofs: step.proofs.map((at) => pick(programme.vocabulary.proofs, at)),
      };
    case "coupons.loaded": {
      const counted = avantages.filter((it) => programme.avantages.get(it)?.unit === "COUPON");
      return {
        type: step.type,
        beneficiary,
        campaign: pick(campaigns, step.campaign),
        avantage: pick([...counted, ...counted, ...avantages.slice(0, 1)], step.avantage),
        count: step.count,
      };
    }
    case "grants.revoked":
      return {
        type: step.type,
        beneficiary,
        campaign: pick(campaigns, step.campaign),
        avantages: scopeOf(step.scope),
      };
    case "suspension.decided":
      return {
        type: step.type,
        beneficiary,
        suspension: `S-${step.no}`,
        campaign: pick(campaigns, step.campaign),
        avantages: scopeOf(step.scope),
        decisionRef: step.decision ? "D-2" : "D-1",
      };
    case "suspension.lifted":
      return { type: step.type, beneficiary, suspension: `S-${step.no}`, decisionRef: "D-9" };
    default:
      return cardEventOf(step, beneficiary, world);
  }
}

type CardStep = Extract<EventStep, { type: "card" | "card.withdrawn" | "card.restored" }>;

/** Mostly about the card that the beneficiary holds. */
function cardEventOf(step: CardStep, beneficiary: string, { cards: all, ...world }: EventWorld) {
  const own = world.beneficiaries.indexOf(beneficiary);
  const held = all[own]?.id ?? UNKNOWN;
  const cardId = (at: number) => (at % 4 === 0 ? (all[at % all.length]?.id ?? UNKNOWN) : held);
  if (step.type === "card.withdrawn") {
    const status = step.status;
    return { type: step.type, beneficiary, cardId: cardId(step.card), status } as LoadEvent;
  }
  if (step.type === "card.restored") {
    return { type: step.type, beneficiary, cardId: cardId(step.card) };
  }
  const card = all[step.card % all.length];
  if (card === undefined) throw new Error("a world has cards");
  return step.what === "replaced"
    ? ({
        type: "card.replaced",
        beneficiary,
        replacedCardId: cardId(step.replaced),
        card,
      } as const)
    : ({ type: `card.${step.what}`, beneficiary, card } as const);
}

function attributesOf(
  step: Extract<EventStep, { type: "beneficiary.validated" }>,
  { programme, today }: EventWorld,
): Attributes {
  const { vocabulary } = programme;
  const [status, level, track] = step.words;
  const { formation, bornDaysBefore } = step;
  return {
    status: pick(vocabulary.status, status),
    level: pick(vocabulary.level, level),
    track: pick(vocabulary.track, track),
    formation: formation === null ? null : pick(keys(programme.formations), formation),
    flags: [...new Set(step.flags.map((at) => pick(vocabulary.flags, at)))],
    birthDay: bornDaysBefore === null ? null : dayAfter(today, -bornDaysBefore),
  };
}

function partnerEventOf(
  step: Exclude<EventStep, { beneficiary: number }>,
  { programme, partner, beneficiaries, today }: EventWorld,
): LoadEvent {
  const { vocabulary } = programme;
  switch (step.type) {
    case "partner.saved": {
      const { partnerTypes, partnerFlags } = vocabulary;
      const types = step.all ? partnerTypes : step.types.map((at) => pick(partnerTypes, at));
      const { type, status } = step;
      const name = "Le Théâtre";
      return { type, partner, name, status, types: [...new Set(types)], flags: partnerFlags };
    }
    case "convention.saved":
      return { type: step.type, partner, convention: conventionOf(step, today) };
    case "agrement.given":
    case "agrement.withdrawn":
      return { type: step.type, partner, avantage: pick(keys(programme.avantages), step.avantage) };
    case "pointOfSale.saved":
      return { type: step.type, partner, pointOfSale: "pos-1", name: "Accueil", city: step.city };
    case "incivility.reported":
      return {
        type: step.type,
        partner,
        report: step.report,
        beneficiary: beneficiaries[0] ?? UNKNOWN,
        receivedOn: today,
      };
  }
}

function conventionOf(
  step: Extract<EventStep, { type: "convention.saved" }>,
  today: string,
): Convention {
  const fromMs = Date.parse(today) + step.fromDays * DAY_MS;
  const state = CONVENTION_STATES[step.state % CONVENTION_STATES.length];
  return {
    reference: step.reference,
    state: state as Convention["state"],
    fromMs,
    toMs: fromMs + step.days * DAY_MS,
    signature: step.signed === 0 ? null : { reference: "SIGN-1", atMs: fromMs },
  };
}
