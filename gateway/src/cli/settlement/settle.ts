// `pass-tpe settle`: closes a period of reimbursement on a running gateway.

import { parseArgs } from "node:util";
import { type Command, EXIT_OK } from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  json,
  parsed,
} from "./gateway-client.js";
import { describe, ReportSchema } from "./report.js";

export const settle: Command = {
  name: "settle",
  summary: "close a period of reimbursement",
  help: `Usage: pass-tpe settle [--last-day YYYY-MM-DD] --url URL --credentials FILE.json [options]

Closes the period that ends with a day, Paris civil date: every line from before its end is held, carried over, or put
into one payment for its partner. Given again it goes on where it stopped, or finds it done and pays nothing twice.

  --last-day DAY       the last day of the period; the last one that is over where none is given
${GATEWAY_OPTIONS_HELP}
  --json               the report as JSON on stdout
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { ...GATEWAY_OPTIONS, "last-day": { type: "string" } },
    });
    const lastDay = values["last-day"];
    return asking(values, async (client) => {
      process.stderr.write("settling every partner of the period; this can take minutes\n");
      const body = json(lastDay === undefined ? {} : { lastDay });
      const report = parsed(ReportSchema, await client.post("/v1/settlements", body));
      process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
      if (report.payments > 0) {
        process.stderr.write(`next: pass-tpe settlement file ${report.lastDay}\n`);
      }
      return EXIT_OK;
    });
  },
};
