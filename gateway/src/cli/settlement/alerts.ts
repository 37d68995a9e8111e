// `pass-tpe alerts`: patterns worth a look in a range of days.

import { parseArgs } from "node:util";
import { z } from "zod";
import { type Command, EXIT_OK, needed } from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  parsed,
} from "./gateway-client.js";

const AlertsSchema = z.object({
  alerts: z.array(
    z.looseObject({
      kind: z.string(),
      partnerId: z.string(),
      day: z.string(),
      words: z.string(),
    }),
  ),
});

export const alerts: Command = {
  name: "alerts",
  summary: "see patterns that were fraud elsewhere",
  help: `Usage: pass-tpe alerts --from DAY --to DAY --url URL --credentials FILE.json [--json]

Tells the patterns that were seen in fraud on comparable programmes, between two Paris days, both included, at most 31
days. Each is one line on stdout: day, partner, kind, and what was seen, in French. Nothing was declined for it, and
nobody is named; docs/OPERATORS.md says what each kind means.

  --from DAY           first day, YYYY-MM-DD
  --to DAY             last day, YYYY-MM-DD
${GATEWAY_OPTIONS_HELP}
  --json               all of them as JSON on stdout, with their figures
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...GATEWAY_OPTIONS, from: { type: "string" }, to: { type: "string" } },
    });
    const from = needed(values.from, "--from");
    const to = needed(values.to, "--to");
    return asking(values, async (client) => {
      const query = new URLSearchParams({ from, to });
      const found = parsed(AlertsSchema, await client.get(`/v1/alerts?${query}`));
      if (values.json) process.stdout.write(`${JSON.stringify(found)}\n`);
      else {
        for (const { day, partnerId, kind, words } of found.alerts) {
          process.stdout.write(`${day}  ${partnerId}  ${kind}  ${words}\n`);
        }
      }
      const { length } = found.alerts;
      process.stderr.write(`${length} alert${length === 1 ? "" : "s"} from ${from} to ${to}\n`);
      return EXIT_OK;
    });
  },
};
