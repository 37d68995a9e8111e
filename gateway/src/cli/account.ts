// `pass-tpe account open`: makes the code with which a young person opens the account in which the PIN is set.

import { parseArgs } from "node:util";
import { z } from "zod";
import { type Command, EXIT_OK, needed, takesWords, UsageError } from "./command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  json,
  parsed,
} from "./settlement/gateway-client.js";

export const account: Command = {
  name: "account",
  summary: "let a young person into their own account, or in again",
  help: `Usage: pass-tpe account open --beneficiary ID --birth-day YYYY-MM-DD --url URL --credentials FILE.json [options]

Makes a code of one use with which the account of a numéro de dossier is opened: whoever has it sets the password. Hand
it over to the young person alone, once you know who it is. It holds for seven days, replaces an earlier one, and is the
way back in after a forgotten password. For the Région and the operator.

  --beneficiary ID     the numéro de dossier
  --birth-day DAY      the date of birth, YYYY-MM-DD: a code secret made of it will be refused; it is not kept
${GATEWAY_OPTIONS_HELP}
  --json               the whole answer as JSON on stdout
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...GATEWAY_OPTIONS,
        beneficiary: { type: "string" },
        "birth-day": { type: "string" },
      },
    });
    if (positionals[0] !== "open") throw new UsageError("account does one thing: open");
    takesWords(positionals, 1);
    const beneficiary = needed(values.beneficiary, "--beneficiary");
    const birthDay = needed(values["birth-day"], "--birth-day");
    return asking(values, async (client) => {
      const path = `/v1/beneficiaries/${encodeURIComponent(beneficiary)}/account`;
      const answer = parsed(AnswerSchema, await client.post(path, json({ birthDay })));
      const { openingCode, expiresAt } = answer;
      const line = `${answer.beneficiary}  ${openingCode}  until ${expiresAt}`;
      process.stdout.write(`${values.json ? JSON.stringify(answer) : line}\n`);
      return EXIT_OK;
    });
  },
};

const AnswerSchema = z.looseObject({
  beneficiary: z.string(),
  openingCode: z.string(),
  expiresAt: z.string(),
});
