// `pass-tpe backup`: lets a running gateway copy its database into its archive now, and tells how far it is.

import { parseArgs } from "node:util";
import { z } from "zod";
import { type Command, EXIT_OK } from "./command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  type GatewayClient,
  json,
  parsed,
} from "./settlement/gateway-client.js";

const TOLD_EVERY_MS = 1_000;

export const backup: Command = {
  name: "backup",
  summary: "copy the database of a running gateway into its archive now",
  help: `Usage: pass-tpe backup --url URL --credentials FILE.json [--json]

Makes a base in the gateway's archive (\`serve --archive\`) while sales go on, and prints its name and SHA-256. The copy stays
there: together with what is archived after it, the ledger can be restored as of any later instant (\`pass-tpe restore\`).

${GATEWAY_OPTIONS_HELP}
  --json               the whole answer as JSON on stdout
  --help               this text

${EXIT_HELP}
`,
  run(args) {
    const { values } = parseArgs({ args: [...args], options: GATEWAY_OPTIONS });
    return asking(values, (client) => make(client, values.json));
  },
};

const BaseSchema = z.looseObject({
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  atMs: z.int(),
});

const ProgressSchema = z.looseObject({
  progress: z.looseObject({ doneBytes: z.int(), totalBytes: z.int() }).nullable(),
});

async function make(client: GatewayClient, asJson: boolean): Promise<number> {
  const telling = setInterval(() => void tellProgress(client), TOLD_EVERY_MS);
  try {
    const made = parsed(BaseSchema, await client.post("/v1/backups", json({})));
    const { name, bytes, sha256, atMs } = made;
    const line = `${name}  ${bytes} bytes  sha256 ${sha256}  of ${new Date(atMs).toISOString()}`;
    process.stdout.write(`${asJson ? JSON.stringify(made) : line}\n`);
    return EXIT_OK;
  } finally {
    clearInterval(telling);
  }
}

/** What cannot be told is left out: the copy itself says whether it is made. */
async function tellProgress(client: GatewayClient): Promise<void> {
  const answer = await client.get("/v1/backups/progress").catch(() => null);
  const { progress = null } = answer === null ? {} : parsed(ProgressSchema, answer);
  if (progress === null) return;
  process.stderr.write(`${progress.doneBytes} of ${progress.totalBytes} bytes\n`);
}
