// Partners, their points of sale, and the register of what they report.

import { isKindFor } from "../place.js";
import type { Programme } from "../programme.js";
import type { PartnerCase } from "./case.js";
import type { FiledPartner } from "./file.js";
import type { Loaded } from "./loaded.js";
import { isRefused, partnerOf, type Refused, refused, sameWords, settled } from "./results.js";

export function savePartner(input: PartnerCase<"partner.saved">): Loaded {
  const { event, file, programme } = input;
  const { partner: id, name, status, types, flags } = event;
  const partner: FiledPartner = { id, name, status, types, flags };
  const unknown = checkWords(programme, partner);
  if (unknown) return unknown;
  const before = file.partner;
  if (before === null) return settled([{ type: "putPartner", partner }]);
  const orphaned = file.agrements.find((avantage) => {
    const rule = programme.avantages.get(avantage);
    return rule !== undefined && isKindFor(rule, before) && !isKindFor(rule, partner);
  });
  if (orphaned !== undefined) {
    return refused(
      "CONTRADICTION",
      `the agrément of ${id} for ${orphaned} rests on a type or flag that is taken away: agrement.withdrawn must come first`,
    );
  }
  return settled(isSamePartner(before, partner) ? [] : [{ type: "putPartner", partner }]);
}

function checkWords({ vocabulary }: Programme, { types, flags }: FiledPartner): Refused | null {
  const type = types.find((word) => !vocabulary.partnerTypes.includes(word));
  if (type !== undefined) {
    return refused("NOT_IN_PROGRAMME", `the programme has no partner type ${type}`);
  }
  const flag = flags.find((word) => !vocabulary.partnerFlags.includes(word));
  if (flag === undefined) return null;
  return refused("NOT_IN_PROGRAMME", `the programme has no partner flag ${flag}`);
}

function isSamePartner(a: FiledPartner, b: FiledPartner): boolean {
  return (
    a.name === b.name &&
    a.status === b.status &&
    sameWords(a.types, b.types) &&
    sameWords(a.flags, b.flags)
  );
}

/** Its name and city are not on file, so a known point of sale is written again, as it is. */
export function savePointOfSale(input: PartnerCase<"pointOfSale.saved">): Loaded {
  const { event, file } = input;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const { pointOfSale, name, city } = event;
  const owner = file.pointOfSalePartner;
  if (owner !== null && owner !== partner.id) {
    return refused(
      "CONTRADICTION",
      `point of sale ${pointOfSale} belongs to another partner: give this one an id of its own`,
    );
  }
  return settled([
    { type: "putPointOfSale", partnerId: partner.id, pointOfSaleId: pointOfSale, name, city },
  ]);
}

/** Registered and nothing else: only the Région draws a conclusion from it, by a suspension of its own. */
export function registerReport(input: PartnerCase<"incivility.reported">): Loaded {
  const { event, file } = input;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const { report, beneficiary, receivedOn } = event;
  return settled([{ type: "putReport", partnerId: partner.id, report, beneficiary, receivedOn }]);
}
