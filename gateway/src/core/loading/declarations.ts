// A shop's word for a school year: the types of equipment that it sells to young people, or that it is not concerned.

import type { PartnerCase } from "./case.js";
import type { Loaded } from "./loaded.js";
import { noteOfKind, paperDaysOf } from "./papers.js";
import { isRefused, partnerOf, refused, sameWords, settled } from "./results.js";

/**
 * « le type d'équipement vendu aux jeunes (matériel, outillage, vêtements) »: an empty list says that the shop is not
 * concerned. It may be changed, and said late: until it is said, nothing is paid (T-36).
 */
export function declareEquipment(input: PartnerCase<"equipment.declared">): Loaded {
  const { event, file, programme, calendar, nowMs } = input;
  const { schoolYear, types } = event.declaration;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const days = paperDaysOf(schoolYear);
  if (isRefused(days)) return days;
  if (calendar.parisDay(nowMs) < days.firstDay) {
    return refused(
      "CONTRADICTION",
      `school year ${schoolYear} is too far away: it is declared from ${days.firstDay} on`,
    );
  }
  const before = file.declarations.find((it) => it.schoolYear === schoolYear);
  if (before !== undefined && sameWords(before.types, types)) return settled([]);
  const notes = [...noteOfKind(programme, partner)];
  if (before !== undefined) {
    notes.push(
      `the declaration of ${schoolYear} said ${inWords(before.types)}, and says ${inWords(types)} now`,
    );
  }
  if (types.length === 0 && file.justificatifs.some((it) => it.schoolYear === schoolYear)) {
    notes.push(`not concerned in ${schoolYear}, though a justificatif of that year is on record`);
  }
  const declaration = { schoolYear, types };
  return settled([{ type: "putDeclaration", partnerId: partner.id, declaration }], notes);
}

const inWords = (types: readonly string[]): string => types.join(", ") || "not concerned";
