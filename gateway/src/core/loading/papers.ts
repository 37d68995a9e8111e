// What declarations and justificatifs share: the school year that they are for, and who owes them.

import type { Programme } from "../programme.js";
import { paperRulesOf } from "../settlement/papers.js";
import type { FiledPartner } from "./file.js";
import { type Refused, refused } from "./results.js";

const SCHOOL_YEAR = /^(\d{4})\/(\d{4})$/;

export interface PaperDays {
  readonly firstDay: string;
  readonly lastDay: string;
}

/**
 * The days on which papers of a school year come in, both included: a shop that gets ready sends them from 1 June
 * before it, and one that is late until a year after its end, so that what is held for it is paid after all (T-36).
 *
 * @returns Paris civil dates, or null for what is no school year: two years, the second one after the first.
 */
export function daysForPapers(schoolYear: string): PaperDays | null {
  const [, first, second] = SCHOOL_YEAR.exec(schoolYear) ?? [];
  if (Number(second) !== Number(first) + 1) return null;
  return { firstDay: `${first}-06-01`, lastDay: `${Number(second) + 1}-08-31` };
}

/** The same, or a refusal for the sender. */
export function paperDaysOf(schoolYear: string): PaperDays | Refused {
  return (
    daysForPapers(schoolYear) ??
    refused(
      "CONTRADICTION",
      `${schoolYear} is no school year: give two years that follow each other, such as 2022/2023`,
    )
  );
}

/** Whoever takes nothing that waits for papers may send them all the same. */
export function noteOfKind(programme: Programme, partner: FiledPartner): readonly string[] {
  if (paperRulesOf(programme).owesPapers(partner)) return [];
  return [`${partner.id} takes no avantage whose reimbursement waits for papers: it owes none`];
}
