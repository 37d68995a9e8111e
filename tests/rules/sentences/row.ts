// A row of the table from the source's sentences to the tests that show them.

import type { TestRef } from "../support/named-tests.js";

/** One sentence of the source, word for word, its emphasis left out. */
export type SentenceRow =
  | {
      readonly source: string;
      /** The catalogue's rules that come from it: their checks show it. */
      readonly rules?: readonly string[];
      /** Tests beside those checks. */
      readonly tests?: readonly TestRef[];
    }
  | {
      readonly source: string;
      /** Why it rules nothing of the gateway's. */
      readonly noRule: string;
    }
  | {
      readonly source: string;
      /** A rule for a part that is not built: which, and what holds until then. */
      readonly notYet: string;
    };

const inFolder =
  (folder: string) =>
  (file: string, test: string): TestRef => ({ file: `${folder}/${file}`, test });

export const rulesTest = inFolder("tests/rules");
export const trapTest = inFolder("tests/rules/traps");
export const coreTest = inFolder("gateway/src/core");
export const sdkTest = inFolder("terminal-sdk/src");
export const wholeTest = inFolder("tests");
