// @ts-check
// The events of one young person after the other, made from a seed and the person's number alone, and written to a file.
import { closeSync, openSync, writeSync } from "node:fs";
import { withLuhn } from "@pass-tpe/protocol/standards";
import { randomFrom } from "../random.mjs";
import { kindAt } from "./kinds.mjs";

const SEED = 20_220_607;
export const CAMPAIGN = "BENCH_THIS_YEAR";
export const CAMPAIGN_BEFORE = "BENCH_LAST_YEAR";

/** Of those who were at school last year, so many hold last year's grants too: 11 grants each on average. */
const VALIDATED_BEFORE_SHARE = 0.4;
const COMMITTED_SHARE = 0.03;
/** A flag, and how many have it. */
const FLAG_SHARES = /** @type {const} */ ([
  ["MAJORATION_A", 0.03],
  ["MAJORATION_B", 0.02],
  ["MAJORATION_C", 0.05],
]);
const ETABLISSEMENTS = 560;
const FIRST_NAMES = ["Camille", "Inès", "Louis", "Maëlle", "Noé", "Rayan", "Zoé"];
const INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ";

/** Coprime, so that each person has a number of one's own; scattered, so that no load meets its rows in order. */
const DOSSIERS = 10_000_000;
const DOSSIER_STEP = 6_180_339;

const WRITE_BYTES = 1 << 20;

/** @template T @param {() => number} random @param {ArrayLike<T>} list @returns {T} */
function pick(random, list) {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

/** Random in all its digits, as a sender's ids are: the hard case for an index. @param {() => number} random */
function eventId(random) {
  const word = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  const hex = word() + word() + word() + word();
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...groups, `8${hex.slice(17, 20)}`, hex.slice(20)].join("-");
}

/** @param {number} index @returns {string} the chip's identifier, hex */
export const uidOf = (index) => `04${index.toString(16).padStart(12, "0")}`;

/**
 * @param {number} index
 * @returns {{ events: object[], grants: number }} in the order in which they happen, and how many grants they give
 */
export function personAt(index) {
  const random = randomFrom(SEED + Math.imul(index + 1, 0x9e3779b1));
  const kind = kindAt(random());
  const beneficiary = `D22-${String((index * DOSSIER_STEP) % DOSSIERS).padStart(7, "0")}`;
  const etablissement = `LYC-${Math.floor(random() * ETABLISSEMENTS)}`;
  const holder = `${pick(random, FIRST_NAMES)} ${pick(random, INITIALS)}.`;
  const flags = FLAG_SHARES.filter(([, share]) => random() < share).map(([flag]) => flag);
  const birthDay = `${2005 + Math.floor(random() * 3)}-0${1 + Math.floor(random() * 9)}-15`;
  const before = random() < VALIDATED_BEFORE_SHARE ? kind.before : null;
  const isCommitted = random() < COMMITTED_SHARE;
  const card = {
    number: withLuhn(`9${String(index).padStart(14, "0")}`),
    uid: uidOf(index),
    generation: "SDM-1",
  };
  /** @param {string} type @param {object} what */
  const event = (type, what) => ({ id: eventId(random), type, beneficiary, ...what });
  /** @param {string} campaign @param {import("./kinds.mjs").Attributes} said */
  const validated = (campaign, said) =>
    event("beneficiary.validated", {
      campaign,
      etablissement,
      attributes: { status: kind.status, ...said, flags, birthDay },
    });
  const campaign = before ? CAMPAIGN_BEFORE : CAMPAIGN;
  const charterAcceptedOn = "2022-06-10";
  const events = [
    event("card.ordered", { holder, etablissement, campaign, charterAcceptedOn }),
    ...(before ? [validated(CAMPAIGN_BEFORE, before.attributes)] : []),
    validated(CAMPAIGN, kind.now),
    event("card.issued", { card }),
    ...(isCommitted
      ? [event("commitment.fulfilled", { commitment: "JSP", proofs: ["BREVET_JSP"] })]
      : []),
  ];
  return { events, grants: kind.grants + (before?.grants ?? 0) + (isCommitted ? 1 : 0) };
}

/**
 * Writes the events of the people from one number up to another, never more than a piece of it in memory.
 *
 * @param {{ path: string, from: number, to: number }} options
 * @returns {{ events: number, grants: number }}
 */
export function writeBulkFile({ path, from, to }) {
  const file = openSync(path, "w");
  const total = { events: 0, grants: 0 };
  let text = "";
  try {
    for (let index = from; index < to; index += 1) {
      const { events, grants } = personAt(index);
      text += events.map((event) => `${JSON.stringify(event)}\n`).join("");
      total.events += events.length;
      total.grants += grants;
      if (text.length < WRITE_BYTES && index < to - 1) continue;
      writeSync(file, text);
      text = "";
    }
  } finally {
    closeSync(file);
  }
  return total;
}
