// A till that sends a sale again under a new id, and hides that from whoever asked.

import { it } from "vitest";
import { RULE } from "../../../simulators/src/checker/index.js";
import { expectFound, TIMEOUT_MS } from "./find-bug.js";
import { type WireBug, wireBug } from "./wire.js";

const SALE = /^POST \/v1\/authorizations HTTP[\s\S]*"id":"([^"]+)"/;

function renaming(): WireBug {
  const sent = new Set<string>();
  const names = new Map<string, string>();
  return {
    asks(request) {
      const id = SALE.exec(request)?.[1];
      if (id === undefined) return request;
      if (!sent.has(id)) {
        sent.add(id);
        return request;
      }
      const another = id.slice(0, -6) + String(names.size).padStart(6, "0");
      names.set(another, id);
      return request.replaceAll(id, another);
    },
    answers(answer) {
      const id = /"id":"([^"]+)"/.exec(answer)?.[1] ?? "";
      return answer.replaceAll(id, names.get(id) ?? id);
    },
  };
}

it(
  "finds a till that repeats a sale under a new id",
  async () => {
    await expectFound({
      bug: () => wireBug(renaming),
      rules: [RULE.begun, RULE.unknownStands, RULE.crashStands, RULE.approvalKept],
    });
  },
  TIMEOUT_MS,
);
