// Fills the texts of an outcome: two till displays and the young person's message.
import { bug } from "./bug.js";
import type { OutcomeCode, PublicCode } from "./codes.js";
import { outcomeSpec, publicSpecOf } from "./lookup.js";
import type { OutcomeParams } from "./params.js";
import { variantFor } from "./variant.js";
import {
  formatBalance,
  formatCents,
  formatCount,
  formatDate,
  formatReturned,
  type Medium,
  pluralOf,
} from "./words.js";

/** The texts of one outcome, ready to show. */
export interface RenderedOutcome {
  /** For 2 × 32. */
  display: [line1: string, line2: string];
  /** For 2 × 20. */
  display20: [line1: string, line2: string];
  /** For the young person. */
  message: string;
}

/** Who reads: a till, or the operator's logs and the holder's own account. */
export type Audience = "till" | "operator";

/** `{name}` or `{name|one|many}`. */
const PLACEHOLDER = /\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g;

type Filler = (params: OutcomeParams, medium: Medium) => string | undefined;

/** What each `{name}` stands for; undefined when its parameter was not given. */
const VALUES: ReadonlyMap<string, Filler> = new Map<string, Filler>([
  ["montant", ({ amountCents }) => given(amountCents, formatCents)],
  ["reste", ({ collectCents }) => given(collectCents, formatCents)],
  ["max", ({ maxCents }) => given(maxCents, formatCents)],
  ["date", ({ date }) => given(date, formatDate)],
  ["solde", ({ remaining }, medium) => given(remaining, (it) => formatBalance(it, medium))],
  ["pris", ({ taken }, medium) => given(taken, (it) => formatBalance(it, medium))],
  ["rendu", ({ returned }, medium) => given(returned, (it) => formatReturned(it, medium))],
  ["avantage", ({ avantageLabel }) => avantageLabel],
  ["adresse", ({ accountUrl }) => accountUrl],
]);

/** The numbers that decide between the forms of `{name|one|many}`. */
const COUNTS: ReadonlyMap<string, (params: OutcomeParams) => number | undefined> = new Map([
  ["unites", ({ quantity }) => quantity],
  ["essais", ({ triesLeft }) => triesLeft],
]);

/**
 * The texts of an outcome. Lines fit their display for any purchase that the
 * protocol can name and for counts up to 99.
 *
 * @param params amounts in cents, date `YYYY-MM-DD`; only those that the code's texts name
 * @param audience a till (the default) gets the text of the public code
 * @throws Error when a parameter that a text needs is missing or is not what it should be (a bug)
 */
export function renderOutcome(
  code: OutcomeCode | PublicCode,
  params: OutcomeParams,
  audience: Audience = "till",
): RenderedOutcome {
  const spec = audience === "till" ? publicSpecOf(code) : outcomeSpec(code);
  const texts = { ...spec, ...variantFor(spec, params) };
  const fill = (template: string, medium: Medium) =>
    template.replace(
      PLACEHOLDER,
      (placeholder: string, name: string, one?: string, many?: string) => {
        const text =
          one === undefined || many === undefined
            ? VALUES.get(name)?.(params, medium)
            : given(COUNTS.get(name)?.(params), (n) =>
                pluralOf(n, [one, many]).replace("#", formatCount(n)),
              );
        return text ?? bug(`${spec.code} shows ${placeholder}; give renderOutcome its parameter`);
      },
    );
  const [line1, line2] = texts.lines;
  const [short1, short2] = texts.lines20;
  return {
    display: [fill(line1, "till"), fill(line2, "till")],
    display20: [fill(short1, "till"), fill(short2, "till")],
    message: fill(texts.message, "message"),
  };
}

function given<T>(value: T | undefined, format: (value: T) => string): string | undefined {
  return value === undefined ? undefined : format(value);
}
