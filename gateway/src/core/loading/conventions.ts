// A convention's way from the request to its end: forward only, and signed before it is in force.

import type { Convention } from "../model.js";
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
  const { event, file } = input;
  const { convention } = event;
  const { reference } = convention;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  if (file.conventionPartner !== null && file.conventionPartner !== partner.id) {
    return refused("CONTRADICTION", `convention ${reference} is another partner's`);
  }
  const before = file.conventions.find((it) => it.reference === reference);
  if (before !== undefined && isSame(before, convention)) return settled([]);
  const misfit = checkForm(convention) ?? checkStep(before, convention);
  if (misfit) return misfit;
  const moved =
    before !== undefined &&
    before.signature !== null &&
    (before.fromMs !== convention.fromMs || before.toMs !== convention.toMs);
  const notes = moved ? [`the period of convention ${reference} changed after it was signed`] : [];
  return settled([{ type: "putConvention", partnerId: partner.id, convention }], notes);
}

function isSame(a: Convention, b: Convention): boolean {
  return a.state === b.state && a.fromMs === b.fromMs && a.toMs === b.toMs && isSameSignature(a, b);
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
