// `pass-tpe statement`: a partner's statement of a range of days, as a table or as a page to print.

import { parseArgs } from "node:util";
import { type Command, EXIT_OK, needed, takesWords, UsageError } from "../command.js";
import { asking, EXIT_HELP, GATEWAY_OPTIONS, GATEWAY_OPTIONS_HELP } from "./gateway-client.js";
import { SAVE_OPTIONS, SAVE_OPTIONS_HELP, saveFile } from "./saved-file.js";

const FORMATS: readonly string[] = ["csv", "html"];

export const statement: Command = {
  name: "statement",
  summary: "make a partner's statement",
  help: `Usage: pass-tpe statement PARTNER --from DAY --to DAY [--format csv|html] --url URL --credentials FILE.json [options]

Writes what a partner is owed and was paid between two Paris days, both included, at most 400 days, and why a line is
held. The page is for printing: a browser makes a PDF of it.

  --from DAY           first day, YYYY-MM-DD
  --to DAY             last day, YYYY-MM-DD
  --format FORMAT      csv or html (csv)
${SAVE_OPTIONS_HELP}
                       (statement-PARTNER-FROM-TO.csv or .html where none is named)
${GATEWAY_OPTIONS_HELP}
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: GATEWAY_OPTIONS.url,
        credentials: GATEWAY_OPTIONS.credentials,
        ...SAVE_OPTIONS,
        from: { type: "string" },
        to: { type: "string" },
        format: { type: "string", default: "csv" },
      },
    });
    takesWords(positionals, 1);
    const partner = needed(positionals[0], "PARTNER");
    const { format, replace } = values;
    const from = needed(values.from, "--from");
    const to = needed(values.to, "--to");
    if (!FORMATS.includes(format)) {
      throw new UsageError(`--format must be one of ${FORMATS.join(", ")}`);
    }
    return asking(values, async (client) => {
      const query = new URLSearchParams({ from, to, format });
      const path = `/v1/partners/${encodeURIComponent(partner)}/statement?${query}`;
      const bytes = await client.get(path);
      const name = `statement-${partner.replace(/[^A-Za-z0-9._-]/g, "_")}-${from}-${to}.${format}`;
      saveFile(values.out ?? name, bytes, { replace });
      return EXIT_OK;
    });
  },
};
