// `pass-tpe settlement`: looks at what was settled, fetches its files, and sends what the bank answered.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import {
  type Command,
  EXIT_FAILED,
  EXIT_OK,
  needed,
  reasonOf,
  takesWords,
  UsageError,
} from "../command.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  type GatewayClient,
  parsed,
} from "./gateway-client.js";
import { describe, lineOf, ReportSchema } from "./report.js";
import { SAVE_OPTIONS, SAVE_OPTIONS_HELP, saveFile } from "./saved-file.js";

interface Asked {
  readonly client: GatewayClient;
  /** The day or file that stands behind the word; empty where none is. */
  readonly subject: string;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly replace: boolean;
}

const DOES: Readonly<Record<string, (asked: Asked) => Promise<number>>> = {
  list,
  show,
  file: (asked) =>
    fetchFile(asked, { file: "payments.xml", name: `payments-${asked.subject}.xml` }),
  accounts: (asked) =>
    fetchFile(asked, { file: "accounts.csv", name: `accounts-${asked.subject}.csv` }),
  returns,
};

export const settlement: Command = {
  name: "settlement",
  summary: "see settlements, fetch their files, read a bank's report",
  help: `Usage: pass-tpe settlement list|show DAY|file DAY|accounts DAY|returns FILE.xml --url URL --credentials FILE.json [options]

A settlement is named by the last day of its period, Paris civil date.

  list                 every settlement, one a line
  show DAY             what was paid, held and carried over
  file DAY             the payment file for the bank (pain.001), always the same bytes: payments-DAY.xml
  accounts DAY         the same for the accounts: accounts-DAY.csv
  returns FILE.xml     sends a bank's payment status report (pain.002): what it returned is owed again

${SAVE_OPTIONS_HELP}
${GATEWAY_OPTIONS_HELP}
  --json               the answer to list, show or returns as JSON on stdout
  --help               this text

${EXIT_HELP}
returns ends with 1 as well when the report names a payment that is not known, or contradicts what was told before.
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...GATEWAY_OPTIONS, ...SAVE_OPTIONS },
    });
    const [word = "", subject = ""] = positionals;
    const does = Object.hasOwn(DOES, word) ? DOES[word] : undefined;
    if (!does) throw new UsageError(`settlement does one of ${Object.keys(DOES).join(", ")}`);
    takesWords(positionals, word === "list" ? 1 : 2);
    if (word !== "list") needed(subject || undefined, word === "returns" ? "FILE.xml" : "DAY");
    const { json, out, replace } = values;
    return asking(values, (client) => does({ client, subject, json, out, replace }));
  },
};

const pathOf = (day: string) => `/v1/settlements/${encodeURIComponent(day)}`;

const ListSchema = z.looseObject({
  lastClosedDay: z.string(),
  settlements: z.array(ReportSchema),
});

async function list({ client, json }: Asked): Promise<number> {
  const found = parsed(ListSchema, await client.get("/v1/settlements"));
  const { lastClosedDay, settlements } = found;
  process.stdout.write(
    json ? `${JSON.stringify(found)}\n` : settlements.map((it) => lineOf(it)).join(""),
  );
  if (!settlements.some(({ lastDay }) => lastDay === lastClosedDay)) {
    process.stderr.write(`the period that ended on ${lastClosedDay} is not settled yet\n`);
  }
  return EXIT_OK;
}

async function show({ client, subject, json }: Asked): Promise<number> {
  const report = parsed(ReportSchema, await client.get(pathOf(subject)));
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report));
  return EXIT_OK;
}

async function fetchFile(
  { client, subject, out, replace }: Asked,
  { file, name }: { readonly file: string; readonly name: string },
): Promise<number> {
  saveFile(out ?? name, await client.get(`${pathOf(subject)}/${file}`), { replace });
  return EXIT_OK;
}

const OutcomesSchema = z.object({
  outcomes: z.array(
    z.object({
      settlement: z.string(),
      no: z.int(),
      partnerId: z.string().nullable(),
      outcome: z.string(),
    }),
  ),
});
const IN_ORDER: readonly string[] = ["applied", "unchanged"];

async function returns({ client, subject, json }: Asked): Promise<number> {
  const content = reportFrom(subject);
  const body = { type: "application/xml", content } as const;
  const { outcomes } = parsed(
    OutcomesSchema,
    await client.post("/v1/settlements/status-reports", body),
  );
  if (json) process.stdout.write(`${JSON.stringify({ outcomes })}\n`);
  else {
    for (const { settlement: day, no, partnerId, outcome } of outcomes) {
      process.stdout.write(`${day}  ${no}  ${partnerId ?? "-"}  ${outcome}\n`);
    }
  }
  const faults = outcomes.filter(({ outcome }) => !IN_ORDER.includes(outcome));
  if (faults.length === 0) return EXIT_OK;
  process.stderr.write(
    `${faults.length} of ${outcomes.length} payments are unknown here or were told otherwise before: ask the bank\n`,
  );
  return EXIT_FAILED;
}

function reportFrom(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${reasonOf(error)}`);
  }
}
