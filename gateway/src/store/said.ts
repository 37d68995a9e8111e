// What a stored answer says that bears on the ledger.

interface AnswerFigures {
  readonly id?: unknown;
  readonly outcome?: unknown;
  readonly amountCents?: number;
  readonly quantity?: number;
  readonly holdExpiresAtMs?: number;
  readonly returned?: { readonly value?: unknown };
}

/** An answer as it is stored; null where nobody can read it. */
export function readAnswer(answer: string | null): AnswerFigures | null {
  try {
    const read: unknown = JSON.parse(answer ?? "null");
    return read !== null && typeof read === "object" ? read : null;
  } catch {
    return null;
  }
}

/** What an approval took or held, in the unit of its avantage. */
export function unitsOf({ amountCents, quantity }: AnswerFigures): number {
  return amountCents ?? quantity ?? 0;
}
