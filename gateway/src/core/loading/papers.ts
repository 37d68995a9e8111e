// What declarations and justificatifs share: the school year that they are for, and who owes them.

import type { Programme } from "../programme.js";
import { paperRulesOf } from "../settlement/papers.js";
import type { FiledPartner } from "./file.js";
import { type Refused, refused } from "./results.js";

const SCHOOL_YEAR = /^(\d{4})\/(\d{4})$/;

/** Paris civil dates. */
export interface PaperDays {
  /** The first on which papers of a school year come in. */
  readonly firstDay: string;
  /** The last of the school year itself; later ones are late, and taken. */
  readonly lastDayOfYear: string;
}

/**
 * When papers of a school year come in: from 1 June before it, which is when a shop gets ready. There is no end: what is
 * held for a year's paper is paid once it is there, however late (T-36).
 *
 * @returns null for what is no school year: two years, the second one after the first.
 */
export function daysForPapers(schoolYear: string): PaperDays | null {
  const [, first, second] = SCHOOL_YEAR.exec(schoolYear) ?? [];
  if (Number(second) !== Number(first) + 1) return null;
  return { firstDay: `${first}-06-01`, lastDayOfYear: `${second}-08-31` };
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
