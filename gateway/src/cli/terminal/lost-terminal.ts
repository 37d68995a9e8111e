// The verbs for a terminal that is lost or broken: do with a sale what it cannot do any more.

import { randomBytes } from "node:crypto";
import { UUID_V7_RANDOM_BYTES, uuidV7 } from "@pass-tpe/protocol";
import { z } from "zod";
import { EXIT_FAILED, EXIT_OK, needed, UsageError } from "../command.js";
import { json, parsed } from "../settlement/gateway-client.js";
import { type Values, type Verb, wholeOf } from "./verb.js";

const TERMINAL_AND_SALE = 2;

function pathOf([terminalId, sale]: readonly string[]): string {
  const terminal = encodeURIComponent(needed(terminalId, "TERMINAL"));
  return `/v1/terminals/${terminal}/authorizations/${encodeURIComponent(needed(sale, "SALE"))}`;
}

export const status: Verb = {
  words: TERMINAL_AND_SALE,
  options: [],
  prepare(words, values) {
    const path = pathOf(words);
    return { ask: async (client) => tell(await client.get(path), values.json) };
  },
};

export const capture: Verb = {
  words: TERMINAL_AND_SALE,
  options: ["amount-cents", "quantity"],
  prepare: (words, values) => act(`${pathOf(words)}/capture`, amountOf(values), values),
};

export const reverse: Verb = {
  words: TERMINAL_AND_SALE,
  options: ["automatic"],
  prepare(words, values) {
    const reason = values.automatic === true ? "automatic" : "manual";
    return act(`${pathOf(words)}/reversal`, { reason }, values);
  },
};

export const refund: Verb = {
  words: TERMINAL_AND_SALE,
  options: ["amount-cents", "quantity", "refund-id"],
  prepare(words, values) {
    const id = values["refund-id"] ?? uuidV7(Date.now(), randomBytes(UUID_V7_RANDOM_BYTES));
    const { ask } = act(`${pathOf(words)}/refunds`, { id, ...amountOf(values) }, values);
    // Told before it is sent, so that it can be sent again.
    process.stderr.write(`--refund-id ${id}\n`);
    const again = `Give the same command again with --refund-id ${id}: then nothing is given back twice.`;
    return { ask, again };
  },
};

function act(path: string, body: object, values: Values): ReturnType<Verb["prepare"]> {
  return { ask: async (client) => tell(await client.post(path, json(body)), values.json) };
}

function amountOf(values: Values): { readonly amountCents?: number; readonly quantity?: number } {
  const cents = values["amount-cents"];
  const { quantity } = values;
  if (cents !== undefined && quantity !== undefined) {
    throw new UsageError("--amount-cents or --quantity, not both: a sale is in one of them");
  }
  if (cents !== undefined) return { amountCents: wholeOf(cents, "--amount-cents") };
  return quantity === undefined ? {} : { quantity: wholeOf(quantity, "--quantity") };
}

/** A decision says its outcome, a sale's status its state. */
const AnswerSchema = z.looseObject({
  id: z.string(),
  outcome: z.string().optional(),
  code: z.string().optional(),
  state: z.string().optional(),
  display: z.tuple([z.string(), z.string()]).optional(),
});

function tell(answer: Buffer, asJson: boolean): number {
  const told = parsed(AnswerSchema, answer);
  const { id, state, outcome = state, code = "", display = [] } = told;
  const line = [outcome, code, ...display].filter(Boolean).join("  ");
  process.stdout.write(asJson ? `${JSON.stringify(told)}\n` : `${id}  ${line}\n`);
  return outcome === "declined" && state === undefined ? EXIT_FAILED : EXIT_OK;
}
