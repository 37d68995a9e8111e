// The result codes as the document lists them: what each means, what may be done, which field 39 goes with it.

import {
  outcomeSpec,
  PUBLIC_CODES,
  type PublicCode,
  publicIso39Of,
  type RetryClass,
} from "../outcomes/index.js";
import { CODE_MEANINGS, RETRY_MEANINGS } from "./meanings.js";

interface ListedCode {
  readonly code: PublicCode;
  readonly kind: string;
  readonly givenBy: string;
  readonly meaning: string;
  readonly retry: RetryClass;
  /** ISO 8583:1987 field 39; null for what never leaves the terminal. */
  readonly iso39: string | null;
  /** Who must act for the situation to change. */
  readonly actor: string;
}

/** Every code that a till may meet, in order of precedence. */
export function listedCodes(): ListedCode[] {
  return PUBLIC_CODES.map((code) => {
    const { kind, givenBy, retry, actor } = outcomeSpec(code);
    const meaning = CODE_MEANINGS[code];
    return { code, kind, givenBy, meaning, retry, iso39: publicIso39Of(code), actor };
  });
}

/** The codes and retry classes as Markdown, for the people who read the document. */
export function codesAsMarkdown(): string {
  const codes = listedCodes().map(
    ({ code, meaning, retry, iso39, givenBy }) =>
      `| \`${code}\` | ${meaning} | ${retry} | ${iso39 ?? "none"} | ${givenBy} |`,
  );
  const classes = Object.entries(RETRY_MEANINGS).map(
    ([retry, meaning]) => `| ${retry} | ${meaning} |`,
  );
  return [
    "A code that your version does not know: read `iso39`; `00` and `10` are approved, `9x`, `68` and `09` are no " +
      "decision, anything else is declined.",
    ["| Code | Meaning | Retry | ISO 39 | Given by |", "|---|---|---|---|---|", ...codes].join(
      "\n",
    ),
    ["| Retry | What the till may do next |", "|---|---|", ...classes].join("\n"),
  ].join("\n\n");
}
