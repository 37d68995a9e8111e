// Justificatifs as the Région registers them: received for a school year, and rejected where they are found wanting.

import type { Justificatif } from "../settlement/model.js";
import type { PartnerCase } from "./case.js";
import type { PartnerFile } from "./file.js";
import type { Loaded } from "./loaded.js";
import { noteOfKind, type PaperDays, paperDaysOf } from "./papers.js";
import { isRefused, partnerOf, type Refused, refused, settled } from "./results.js";

type Received = PartnerCase<"justificatif.received">;
type Rejected = PartnerCase<"justificatif.rejected">;

/** It counts from now on, until it is rejected. */
export function receiveJustificatif(input: Received): Loaded {
  const { event, file, programme } = input;
  const { reference, schoolYear, kind, receivedOn } = event.justificatif;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const justificatif = { reference, schoolYear, kind, receivedOn, rejectedOn: null };
  const before = file.justificatifs.find((it) => it.reference === reference);
  if (before !== undefined) return receiveAgain(before, justificatif);
  const days = paperDaysOf(schoolYear);
  if (isRefused(days)) return days;
  const misfit = checkYear(justificatif, days) ?? checkPast(receivedOn, input);
  if (misfit) return misfit;
  const notes = [
    ...noteOfKind(programme, partner),
    ...notesOfDeclaration(file, schoolYear),
    ...notesOfLate(justificatif, days),
  ];
  return settled([{ type: "putJustificatif", partnerId: partner.id, justificatif }], notes);
}

/** The same paper changes nothing; one that was found wanting is not mended by sending it again. */
function receiveAgain(before: Justificatif, again: Justificatif): Loaded {
  const { reference, schoolYear, kind, receivedOn, rejectedOn } = before;
  const other = "another paper needs a reference of its own";
  if (rejectedOn !== null) {
    const detail = `justificatif ${reference} was rejected on ${rejectedOn}: ${other}`;
    return refused("CONTRADICTION", detail);
  }
  const isSame =
    schoolYear === again.schoolYear && kind === again.kind && receivedOn === again.receivedOn;
  if (isSame) return settled([]);
  const known = `${kind} of ${schoolYear}, received on ${receivedOn}`;
  return refused("CONTRADICTION", `justificatif ${reference} is on record as ${known}: ${other}`);
}

/** « chaque année, en début d'année scolaire »: a paper unblocks its own year and no other. */
function checkYear(
  { reference, schoolYear, receivedOn }: Justificatif,
  { firstDay }: PaperDays,
): Refused | null {
  if (firstDay <= receivedOn) return null;
  return refused(
    "CONTRADICTION",
    `justificatif ${reference} was received on ${receivedOn}, and papers of ${schoolYear} come in from ${firstDay} on: it is for another school year`,
  );
}

/** A paper of this year under last year's name looks just like one that is late. */
function notesOfLate(
  { reference, schoolYear, receivedOn }: Justificatif,
  { lastDayOfYear }: PaperDays,
): readonly string[] {
  if (receivedOn <= lastDayOfYear) return [];
  return [
    `justificatif ${reference} was received after ${schoolYear} had ended: it releases what is held for that year alone`,
  ];
}

function checkPast(day: string, { calendar, nowMs }: Received | Rejected): Refused | null {
  if (day <= calendar.parisDay(nowMs)) return null;
  return refused("CONTRADICTION", `${day} has not come yet: check the day`);
}

function notesOfDeclaration(file: PartnerFile, schoolYear: string): readonly string[] {
  const declared = file.declarations.find((it) => it.schoolYear === schoolYear);
  if (declared === undefined) {
    return [`nothing is declared for ${schoolYear}: reimbursements wait for equipment.declared`];
  }
  if (declared.types.length > 0) return [];
  return [`a justificatif of ${schoolYear}, though the partner declared that it is not concerned`];
}

/** What was paid stays paid: settlement holds what is not. */
export function rejectJustificatif(input: Rejected): Loaded {
  const { event, file } = input;
  const { reference, rejectedOn } = event;
  const partner = partnerOf(file, event.partner);
  if (isRefused(partner)) return partner;
  const before = file.justificatifs.find((it) => it.reference === reference);
  if (before === undefined) {
    return refused(
      "UNKNOWN_SUBJECT",
      `${partner.id} has no justificatif ${reference}: justificatif.received must come first`,
    );
  }
  if (before.rejectedOn === rejectedOn) return settled([]);
  const misfit = checkRejection(before, rejectedOn) ?? checkPast(rejectedOn, input);
  if (misfit) return misfit;
  const justificatif = { ...before, rejectedOn };
  return settled([{ type: "putJustificatif", partnerId: partner.id, justificatif }]);
}

function checkRejection(before: Justificatif, rejectedOn: string): Refused | null {
  const { reference, receivedOn } = before;
  if (before.rejectedOn !== null) {
    return refused(
      "CONTRADICTION",
      `justificatif ${reference} was rejected on ${before.rejectedOn} already`,
    );
  }
  if (rejectedOn >= receivedOn) return null;
  return refused(
    "CONTRADICTION",
    `justificatif ${reference} was received on ${receivedOn}: it cannot be rejected on ${rejectedOn}`,
  );
}
