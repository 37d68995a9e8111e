// `pass-tpe load`: sends a file of events to a gateway, and goes on where an earlier run of it stopped.

import { parseArgs } from "node:util";
import { credentialsFrom, urlFrom } from "../agent-options.js";
import {
  type Command,
  EXIT_FAILED,
  EXIT_INTERRUPTED,
  EXIT_OK,
  EXIT_UNFINISHED,
  needed,
  takesWords,
} from "../command.js";
import { inspect } from "./bulk-file.js";
import { type Loaded, loadFile, notesPathOf } from "./load-file.js";

export const load: Command = {
  name: "load",
  summary: "load a file of events",
  help: `Usage: pass-tpe load FILE --url URL --credentials FILE.json [options]

Sends a file of events, one JSON object a line (docs/OPERATORS.md), to a gateway's operators' listener. Good lines are
loaded; bad ones are written to a file with number and reason. What was loaded and should be reviewed is written to
FILE.notes.ndjson. FILE.progress tells how far it came: the same command goes on there after an interruption, and it is
gone once the file is loaded. It is of one gateway: into another one, or one that was restored, load with --from-start.

  --url URL            the operators' listener, for instance https://127.0.0.1:8444
  --credentials FILE   an agent's credentials, as \`agent issue\` writes them
  --rejected FILE      where bad lines go (FILE.rejected.ndjson); a file that is there already is never written to
  --from-start         begin again whatever was done: harmless, a line sent twice changes nothing
  --json               tell the result as JSON on stdout
  --help               this text

It ends with 0 when every line was loaded, with 1 when some were rejected, with 2 when the command or the file is wrong,
with 3 when it stopped on its way, and with 130 on SIGINT. After 3 and 130 the same command goes on.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: "string" },
        credentials: { type: "string" },
        rejected: { type: "string" },
        "from-start": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    takesWords(positionals, 1);
    const path = needed(positionals[0], "FILE");
    const rejectedPath = values.rejected ?? `${path}.rejected.ndjson`;
    const credentialsPath = needed(values.credentials, "--credentials");
    const loaded = await loadFile({
      url: urlFrom(needed(values.url, "--url")),
      credentials: credentialsFrom(credentialsPath),
      credentialsPath,
      file: await inspect(path),
      rejectedPath,
      fromStart: values["from-start"],
      signal: interruption(),
    });
    tell({ loaded, path, rejectedPath, asJson: values.json });
    if (loaded.ended === "interrupted") return EXIT_INTERRUPTED;
    if (loaded.ended === "stopped") return EXIT_UNFINISHED;
    return loaded.progress.rejected === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
}

function tell(input: {
  readonly loaded: Loaded;
  readonly path: string;
  readonly rejectedPath: string;
  readonly asJson: boolean;
}): void {
  const { loaded, path, rejectedPath, asJson } = input;
  const { ended, after, reason } = loaded;
  const { line, applied, unchanged, rejected, noted } = loaded.progress;
  const notesPath = notesPathOf(path);
  if (ended !== "complete") {
    const why = ended === "interrupted" ? "interrupted" : (reason ?? "stopped");
    process.stderr.write(
      `pass-tpe: ${why}\nLoaded up to line ${line} of ${path}. The same command goes on at line ${line + 1}.\n`,
    );
  }
  if (rejected > 0) process.stderr.write(`${rejected} lines rejected: ${rejectedPath}\n`);
  if (noted > 0)
    process.stderr.write(`${noted} lines loaded with notes for review: ${notesPath}\n`);
  if (!asJson) return;
  const rejectedFile = rejected > 0 ? rejectedPath : null;
  const notesFile = noted > 0 ? notesPath : null;
  const counts = { line, applied, unchanged, rejected, noted };
  process.stdout.write(`${JSON.stringify({ ended, after, ...counts, rejectedFile, notesFile })}\n`);
}
