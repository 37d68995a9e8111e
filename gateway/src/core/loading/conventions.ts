// A convention's way from the request to its end: forward only, and signed before it is in force; and its tariffs.

import type { Convention } from "../model.js";
import type { Programme } from "../programme.js";
import type { PartnerCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { isRefused, partnerOf, type Refused, refused, settled } from "./results.js";

const STATES: readonly Convention["state"][] = [
  "REQUESTED",
  "SENT_FOR_SIGNATURE",
  "SIGNED",
  "IN_FORCE",
  "TERMINATED",
];

const stepOf = ({ state }: Convention) => STATES.indexOf(state);

export function saveConvention(input: PartnerCase<"convention.saved">): Loaded {
  const { event, file, programme } = input;
  const { convention } = event;
  const { reference } = convention;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  if (file.conventionPartner !== null && file.conventionPartner !== partner.id) {
    return refused("CONTRADICTION", `convention ${reference} is another partner's`);
  }
  const before = file.conventions.find((it) => it.reference === reference);
  if (before !== undefined && isSame(before, convention)) return settled([]);
  const misfit =
    checkForm(convention) ??
    checkStep(before, convention) ??
    checkTariffs(programme, before, convention);
  if (misfit) return misfit;
  const notes = changedAfterSignature(before, convention);
  return settled([{ type: "putConvention", partnerId: partner.id, convention }], notes);
}

function changedAfterSignature(
  before: Convention | undefined,
  convention: Convention,
): readonly string[] {
  if (!before?.signature) return [];
  const { reference } = convention;
  const notes: string[] = [];
  if (!isSamePeriod(before, convention)) {
    notes.push(`the period of convention ${reference} changed after it was signed`);
  }
  if (!isSameTariffs(before, convention)) {
    notes.push(`the tariffs of convention ${reference} changed after it was signed`);
  }
  return notes;
}

function isSame(a: Convention, b: Convention): boolean {
  return a.state === b.state && isSamePeriod(a, b) && isSameSignature(a, b) && isSameTariffs(a, b);
}

function isSamePeriod(a: Convention, b: Convention): boolean {
  return a.fromMs === b.fromMs && a.toMs === b.toMs;
}

function isSameTariffs({ tariffs: a = {} }: Convention, { tariffs: b = {} }: Convention): boolean {
  return [...Object.keys(a), ...Object.keys(b)].every((avantage) => a[avantage] === b[avantage]);
}

function isSameSignature({ signature: a }: Convention, { signature: b }: Convention): boolean {
  return a?.reference === b?.reference && a?.atMs === b?.atMs;
}

function checkForm({ reference, state, fromMs, toMs, signature }: Convention): Refused | null {
  if (fromMs >= toMs) {
    return refused("CONTRADICTION", `convention ${reference} ends before it begins`);
  }
  if (signature === null && (state === "SIGNED" || state === "IN_FORCE")) {
    return refused(
      "OUT_OF_ORDER",
      `convention ${reference} cannot be ${state} without its signature: send its reference and time`,
    );
  }
  return null;
}

/** One step at a time; what was signed may come in at once, with its signature. */
function checkStep(before: Convention | undefined, convention: Convention): Refused | null {
  const { reference, state, signature } = convention;
  const step = stepOf(convention);
  const stepBefore = before === undefined ? -1 : stepOf(before);
  if (step < stepBefore) {
    return refused(
      "OUT_OF_ORDER",
      `convention ${reference} is ${before?.state} and does not go back to ${state}`,
    );
  }
  if (step > stepBefore + 1 && signature === null) {
    return refused(
      "OUT_OF_ORDER",
      `convention ${reference} cannot be ${state} yet: ${STATES[stepBefore + 1]} must come first`,
    );
  }
  if (before !== undefined && before.signature !== null && !isSameSignature(before, convention)) {
    return refused(
      "CONTRADICTION",
      `convention ${reference} was signed under ${before.signature.reference}: another signature needs another convention`,
    );
  }
  return null;
}

/** What is on record stays, though the programme may have dropped the avantage since: what is new must fit. */
function checkTariffs(
  programme: Programme,
  before: Convention | undefined,
  { reference, tariffs = {} }: Convention,
): Refused | null {
  for (const [avantage, cents] of Object.entries(tariffs)) {
    if (before?.tariffs?.[avantage] === cents) continue;
    const rule = programme.avantages.get(avantage);
    if (rule === undefined) {
      return refused("NOT_IN_PROGRAMME", `the programme has no avantage ${avantage}`);
    }
    const { by } = rule.reimbursement;
    if (by !== "tariff" && by !== "convention") {
      return refused(
        "CONTRADICTION",
        `${avantage} has no tariff: what is reimbursed for it is ${by === "debit" ? "what was debited" : "nothing"}`,
      );
    }
    if (!Number.isSafeInteger(cents) || cents < 1) {
      return refused(
        "CONTRADICTION",
        `convention ${reference}: a tariff of ${avantage} is one cent or more, in whole cents`,
      );
    }
  }
  return null;
}
