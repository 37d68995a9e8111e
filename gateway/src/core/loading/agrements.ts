// Which partner may take which avantage: given by what kind of partner it is.

import { isKindFor } from "../place.js";
import type { PartnerCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { isRefused, partnerOf, refused, settled } from "./results.js";

export function giveAgrement(input: PartnerCase<"agrement.given">): Loaded {
  const { event, file, programme } = input;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const rule = programme.avantages.get(event.avantage);
  if (rule === undefined) {
    return refused("NOT_IN_PROGRAMME", `the programme has no avantage ${event.avantage}`);
  }
  if (!isKindFor(rule, partner)) {
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
