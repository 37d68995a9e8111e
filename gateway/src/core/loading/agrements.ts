// Which partner may take which avantage: given by what kind of partner it is.

import type { AvantageRule } from "../model.js";
import type { PartnerCase } from "./case.js";
import type { FiledPartner } from "./file.js";
import type { Loaded } from "./loaded.js";
import { isRefused, partnerOf, refused, settled } from "./results.js";

/** Whether a partner's types and flags let it take an avantage. */
export function mayTake(
  { partners }: AvantageRule,
  { types, flags }: Pick<FiledPartner, "types" | "flags">,
): boolean {
  return partners.some(
    ({ type, flag }) => types.includes(type) && (flag === null || flags.includes(flag)),
  );
}

export function giveAgrement(input: PartnerCase<"agrement.given">): Loaded {
  const { event, file, programme } = input;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const rule = programme.avantages.get(event.avantage);
  if (rule === undefined) {
    return refused("NOT_IN_PROGRAMME", `the programme has no avantage ${event.avantage}`);
  }
  if (!mayTake(rule, partner)) {
    const kinds = rule.partners.map(({ type, flag }) =>
      flag === null ? type : `${type} (${flag})`,
    );
    return refused(
      "CONTRADICTION",
      `${rule.code} is for ${kinds.join(", ") || "no partner"}: ${partner.id} is ${partner.types.join(", ") || "of no type"}`,
    );
  }
  if (file.agrements.includes(rule.code)) return settled([]);
  return settled([{ type: "putAgrement", partnerId: partner.id, avantage: rule.code }]);
}

export function withdrawAgrement(input: PartnerCase<"agrement.withdrawn">): Loaded {
  const { event, file, programme } = input;
  const { avantage } = event;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  if (file.agrements.includes(avantage)) {
    return settled([{ type: "dropAgrement", partnerId: partner.id, avantage }]);
  }
  if (programme.avantages.has(avantage)) return settled([]);
  return refused("NOT_IN_PROGRAMME", `the programme has no avantage ${avantage}`);
}
