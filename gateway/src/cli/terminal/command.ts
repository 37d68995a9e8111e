// `pass-tpe terminal`: makes terminals and takes them out of service, and acts for one that is lost.

import { parseArgs } from "node:util";
import { type Command, takesWords, UsageError } from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
} from "../settlement/gateway-client.js";
import { enrol, list, revoke } from "./life.js";
import { capture, refund, reverse, status } from "./lost-terminal.js";
import type { Values, Verb } from "./verb.js";

const VERBS: Readonly<Record<string, Verb>> = {
  enrol,
  list,
  revoke,
  status,
  capture,
  reverse,
  refund,
};

export const terminal: Command = {
  name: "terminal",
  summary: "enrol, list, revoke terminals; act for a lost one: capture, reverse, refund",
  help: `Usage: pass-tpe terminal enrol TERMINAL --point-of-sale ID --url URL --credentials FILE.json [--valid-minutes N]
       pass-tpe terminal list --partner ID --url URL --credentials FILE.json
       pass-tpe terminal revoke TERMINAL --url URL --credentials FILE.json
       pass-tpe terminal status|capture|reverse|refund TERMINAL SALE --url URL --credentials FILE.json [options]

The life of a terminal:

  enrol                makes an activation code, by which a device becomes this terminal: a new one, or a replacement,
                       which ends what the device before it had. An earlier code is void
  list                 a partner's terminals: where they stand, until when their certificates are good
  revoke               for good, from the terminal's next request on

  --point-of-sale ID   where the terminal stands
  --valid-minutes N    how long the code can be used (60; at most 1,440)
  --partner ID         whose terminals

For a lost terminal: does with a sale what the terminal that made it could have done. TERMINAL and SALE stand on the
sale's receipt. Every act stands in the audit trail with the agent's name before it is done. Revoke the lost terminal
itself as well.

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
        "point-of-sale": { type: "string" },
        "valid-minutes": { type: "string" },
        partner: { type: "string" },
        "amount-cents": { type: "string" },
        quantity: { type: "string" },
        automatic: { type: "boolean" },
        "refund-id": { type: "string" },
      },
    });
    const [word = "", ...words] = positionals;
    const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
    if (!verb) throw new UsageError(`terminal does one of ${Object.keys(VERBS).join(", ")}`);
    refuseOthers(word, verb, values);
    takesWords(words, verb.words);
    const { ask, again } = verb.prepare(words, values);
    return asking(values, ask, again);
  },
};

const COMMON: ReadonlySet<string> = new Set(Object.keys(GATEWAY_OPTIONS));

/** An option that means nothing here was meant for something else. @throws UsageError that names it. */
function refuseOthers(word: string, verb: Verb, values: Values): void {
  for (const name of Object.keys(values)) {
    if (COMMON.has(name) || verb.options.some((option) => option === name)) continue;
    const theirs = Object.entries(VERBS).flatMap(([other, { options }]) =>
      options.some((option) => option === name) ? [other] : [],
    );
    throw new UsageError(`--${name} is for ${theirs.join(" and ")}, not for ${word}`);
  }
}
