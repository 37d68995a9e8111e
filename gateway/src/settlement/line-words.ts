// Why a line is not paid yet, in French, as things stand now: what came back, what is missing, or that it is carried.

import type { PartnerPapers, Payment, SettlementLine } from "../core/settlement/model.js";
import { holdsOf, type PaperRules } from "../core/settlement/papers.js";
import { wordsOfHolds } from "../core/settlement/words.js";
import { frenchDay } from "./files/french-words.js";

/** What the words of a partner's lines are made from, all of it as it is now. */
export interface LineWordsInput {
  readonly papers: PartnerPapers;
  readonly rules: PaperRules;
  /** The partner's payments that the lines are or were in. */
  readonly payments: readonly Payment[];
  /** What is released comes to zero or less. */
  readonly isCarried: boolean;
}

/** Builds what words a line: sentences, or nothing for one that is in a payment or waits for its first settlement. */
export function createLineWords(input: LineWordsInput): (line: SettlementLine) => string {
  const { papers, rules } = input;
  return (line) => {
    if (line.payment !== null) return "";
    const holds = holdsOf(line, papers, rules);
    const { schoolYear } = line;
    const after =
      holds.length > 0 ? wordsOfHolds({ holds, schoolYear }, papers) : wordsOfNext(line, input);
    return [...wordsOfReturn(line, input), ...after].join(" ");
  };
}

function wordsOfReturn(
  { returnedFrom }: SettlementLine,
  { payments }: LineWordsInput,
): readonly string[] {
  if (returnedFrom === null) return [];
  const { settlement } = returnedFrom;
  const reason = payments.find((it) => it.settlement === settlement)?.reason ?? null;
  const code = reason === null ? "" : ` (${reason})`;
  return [
    `Virement du remboursement au ${frenchDay(settlement)} rejeté par la banque${code} : vérifiez votre RIB.`,
  ];
}

/** What becomes of a line that nothing holds. */
function wordsOfNext({ state }: SettlementLine, { isCarried }: LineWordsInput): readonly string[] {
  if (state === "HELD") {
    return ["Reçu : plus rien ne manque, la ligne est revue à la prochaine clôture."];
  }
  if (isCarried) return ["Reporté : le solde n'est pas positif."];
  if (state === "REJECTED") return ["Repris au prochain remboursement."];
  return state === "RELEASED" ? ["Au prochain remboursement."] : [];
}
