// `pass-tpe terminal`: does with a sale what its terminal, which is lost or broken, cannot do any more.

import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { UUID_V7_RANDOM_BYTES, uuidV7 } from "@pass-tpe/protocol";
import { z } from "zod";
import { type Command, EXIT_FAILED, EXIT_OK, needed, takesWords, UsageError } from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  json,
  parsed,
} from "./gateway-client.js";

export const terminal: Command = {
  name: "terminal",
  summary: "act for a lost terminal: capture, reverse, refund",
  help: `Usage: pass-tpe terminal status|capture|reverse|refund TERMINAL SALE --url URL --credentials FILE.json [options]

Does with a sale what the terminal that made it could have done. TERMINAL and SALE stand on the sale's receipt. Every
act stands in the audit trail with the agent's name before it is done. Revoke the lost terminal itself as well.

  status               what has become of the sale
  capture              takes what it holds, all or less, before the hold expires
  reverse              takes it back as a whole, until the settlement of its period
  refund               gives back all or a part, at any time

  --amount-cents N     capture or refund so much, of an avantage in euros; all of it where nothing is said
  --quantity N         the same, of one that is counted in seats or coupons
  --automatic          reverse a sale whose outcome nobody learned: even after the settlement, or before it arrives
  --refund-id ID       the refund's own id (a new one): the same one again gives back nothing more
${GATEWAY_OPTIONS_HELP}
  --json               the whole answer as JSON on stdout
  --help               this text

${EXIT_HELP}
A decline ends with 1: nothing was changed then.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...GATEWAY_OPTIONS,
        "amount-cents": { type: "string" },
        quantity: { type: "string" },
        automatic: { type: "boolean", default: false },
        "refund-id": { type: "string" },
      },
    });
    const [word = "", terminalId, sale] = positionals;
    takesWords(positionals, 3);
    const path = pathOf(needed(terminalId, "TERMINAL"), needed(sale, "SALE"));
    const { path: more, body, refundId } = actOf(word, values);
    if (refundId !== undefined) process.stderr.write(`--refund-id ${refundId}\n`);
    return asking(
      values,
      async (client) => {
        const answer = body
          ? await client.post(`${path}${more}`, json(body))
          : await client.get(path);
        return tell(answer, values.json);
      },
      refundId === undefined
        ? undefined
        : `Give the same command again with --refund-id ${refundId}: then nothing is given back twice.`,
    );
  },
};

function pathOf(terminalId: string, sale: string): string {
  return `/v1/terminals/${encodeURIComponent(terminalId)}/authorizations/${encodeURIComponent(sale)}`;
}

interface Values {
  readonly "amount-cents"?: string | undefined;
  readonly quantity?: string | undefined;
  readonly automatic: boolean;
  readonly "refund-id"?: string | undefined;
}

interface Act {
  readonly path: string;
  /** Null where nothing is asked but how it stands. */
  readonly body: object | null;
  /** The id under which a refund is made: told before it is sent, so that it can be sent again. */
  readonly refundId?: string;
}

/** What a word of the command line asks for. @throws UsageError for one that is none, or options that are another's. */
function actOf(word: string, values: Values): Act {
  const amount = amountOf(values);
  const refundId = values["refund-id"];
  const isPart = word === "capture" || word === "refund";
  if (!isPart && Object.keys(amount).length > 0) {
    throw new UsageError("--amount-cents and --quantity are for capture and refund");
  }
  if (word !== "reverse" && values.automatic) throw new UsageError("--automatic is for reverse");
  if (word !== "refund" && refundId !== undefined)
    throw new UsageError("--refund-id is for refund");
  switch (word) {
    case "status":
      return { path: "", body: null };
    case "capture":
      return { path: "/capture", body: amount };
    case "reverse":
      return { path: "/reversal", body: { reason: values.automatic ? "automatic" : "manual" } };
    case "refund": {
      const id = refundId ?? uuidV7(Date.now(), randomBytes(UUID_V7_RANDOM_BYTES));
      return { path: "/refunds", body: { id, ...amount }, refundId: id };
    }
    default:
      throw new UsageError("terminal does one of status, capture, reverse, refund");
  }
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

function wholeOf(text: string, name: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${name} must be a whole number above zero, not ${text}`);
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
