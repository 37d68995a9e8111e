// Turns a random event into that of a programme and a world: its words, its people, its cards.

import type {
  Attributes,
  LoadEvent,
  LoadedCard,
  Scope,
} from "../../../gateway/src/core/loading/event.js";
import type { Convention } from "../../../gateway/src/core/model.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { dayAfter } from "./days.js";
import { type EventStep, ODD } from "./random-events.js";

const UNKNOWN = "INCONNU";
const ETABLISSEMENTS = ["E-0", "E-1"];
const CONVENTION_STATES: readonly Convention["state"][] = [
  "REQUESTED",
  "SENT_FOR_SIGNATURE",
  "SIGNED",
  "IN_FORCE",
  "TERMINATED",
];
const DAY_MS = 86_400_000;

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
    case "suspension.decided": {
      const { no, other } = step;
      const usual = { campaign: no, scope: no % 2 === 0 ? null : [no, no + 1] };
      return {
        type: step.type,
        beneficiary,
        suspension: `S-${no}`,
        campaign: pick(campaigns, (other ?? usual).campaign),
        avantages: scopeOf((other ?? usual).scope),
        decisionRef: "D-1",
      };
    }
    case "suspension.lifted":
      return { type: step.type, beneficiary, suspension: `S-${step.no}`, decisionRef: "D-9" };
    default:
      return cardEventOf(step, beneficiary, world);
  }
}

type CardStep = Extract<EventStep, { type: "card" | "card.withdrawn" | "card.restored" }>;

/** Mostly about the card that the beneficiary holds. */
function cardEventOf(
  step: CardStep,
  beneficiary: string,
  { cards: all, ...world }: EventWorld,
): LoadEvent {
  const own = world.beneficiaries.indexOf(beneficiary);
  const held = all[own]?.id ?? UNKNOWN;
  const cardId = (at: number) => (at % 4 === 0 ? (all[at % all.length]?.id ?? UNKNOWN) : held);
  if (step.type === "card.withdrawn") {
    const { type, status } = step;
    return { type, beneficiary, cardId: cardId(step.card), status };
  }
  if (step.type === "card.restored") {
    return { type: step.type, beneficiary, cardId: cardId(step.card) };
  }
  const card = all[step.card % all.length];
  if (card === undefined) throw new Error("a world has cards");
  return step.what === "card.replaced"
    ? {
        type: step.what,
        beneficiary,
        replacedCardId: cardId(step.replaced),
        card,
      }
    : { type: step.what, beneficiary, card };
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
  const state = CONVENTION_STATES[step.state % CONVENTION_STATES.length] ?? "REQUESTED";
  return {
    reference: step.reference,
    state,
    fromMs,
    toMs: fromMs + step.days * DAY_MS,
    signature: step.signed === 0 ? null : { reference: "SIGN-1", atMs: fromMs },
  };
}
