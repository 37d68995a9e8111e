// A till that takes any problem as the end of a reversal that it owes.

import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { type WireBug, wireBug } from "./wire.js";

const REVERSAL = /^POST \/v1\/authorizations\/([^/]+)\/reversal /;

/** It hears of a reversal what it heard of the last one that was made. */
function satisfied(): WireBug {
  let made: { readonly answer: string; readonly id: string } | null = null;
  return {
    answers(answer, request) {
      const id = REVERSAL.exec(request)?.[1];
      if (id === undefined) return answer;
      const isMade = answer.startsWith("HTTP/1.1 200") && answer.includes('"approved"');
      if (isMade && answer.endsWith("}")) made = { answer, id };
      const isProblem = answer.startsWith("HTTP/1.1 ") && !answer.startsWith("HTTP/1.1 200");
      return isProblem && made !== null ? made.answer.replaceAll(made.id, id) : answer;
    },
  };
}

it(
  "finds a till whose reversals end with any problem",
  async () => {
    await expectFound({
      bug: () => wireBug(satisfied),
      rules: [RULE.unknownStands, RULE.unknownClosed, RULE.crashStands, RULE.wordKept],
    });
  },
  TIMEOUT_MS,
);
