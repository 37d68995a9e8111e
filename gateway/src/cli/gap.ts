// `pass-tpe gap`: what a restore lost, who has not compared its days yet, and an operator's signature for it.

import { parseArgs } from "node:util";
import { z } from "zod";
import { type Command, EXIT_OK, needed, takesWords, UsageError } from "./command.js";
import { GAP_OPEN_OPTIONS, openOnDatabase } from "./gap-open.js";
import { LEDGER_HELP } from "./ledger-option.js";
import {
  asking,
  EXIT_HELP,
  GATEWAY_OPTIONS,
  GATEWAY_OPTIONS_HELP,
  type GatewayClient,
  json,
  parsed,
} from "./settlement/gateway-client.js";
import { STORE_KEY_HELP } from "./store-key.js";

export const gap: Command = {
  name: "gap",
  summary: "put on record what a database lost, show what a restore lost, and sign for it",
  help: `Usage: pass-tpe gap open --from INSTANT --data FOLDER --store-key FILE --database URL [--heads FILE]... [--json]
       pass-tpe gap show --url URL --credentials FILE.json [--json]
       pass-tpe gap sign GAP --why TEXT --url URL --credentials FILE.json

After \`pass-tpe restore\`, or \`gap open\` on a PostgreSQL database, the gateway refuses sales until it is known what was lost, and settlements until somebody signs.
Sales open by themselves once every terminal has compared each of its days: the SDK's reconcile() or closeDay().

  open                 puts on record that a PostgreSQL database was restored to an earlier instant, or lost its end with a
                       standby that took over: stop all gateways before. A gateway that serves closes within a second.
                       \`restore\` does so for a ledger in a file
  show                 each gap: from when to when, which terminals have not compared which days, and in which figures
                       tills and ledger differ. Such a sale was made and is not here: settle it with its partner
  sign                 ends a gap, also where terminals are missing. It stands in the audit trail with the agent's name.
                       Before: compare payment files with the bank, so that no settlement is paid twice

  --from INSTANT       what was committed after it is lost, such as 2026-09-01T14:05:00Z: the restored instant, or the failover
  --data FOLDER        a gateway's data folder, or one with its keys.json
${LEDGER_HELP}
${STORE_KEY_HELP}
  --heads FILE         heads that were exported before (heads.ndjson in the data folder); repeated for each gateway, so that
                       \`verify\` knows them for lost
  --why TEXT           why the gap may be closed: kept for good
${GATEWAY_OPTIONS_HELP}
  --json               the whole answer as JSON on stdout
  --help               this text

${EXIT_HELP}
`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...GATEWAY_OPTIONS, ...GAP_OPEN_OPTIONS, why: { type: "string" } },
    });
    const [word, no] = positionals;
    takesWords(positionals, word === "sign" ? 2 : 1);
    if (word === "open") return openOnDatabase(values);
    if (word === "show") return asking(values, (client) => show(client, values.json));
    if (word !== "sign") throw new UsageError("gap does one of open, show and sign");
    const path = `/v1/gaps/${encodeURIComponent(needed(no, "GAP"))}/signature`;
    const why = needed(values.why, "--why");
    return asking(values, (client) => sign(client, path, why, values.json));
  },
};

const GapsSchema = z.looseObject({
  gaps: z.array(
    z.looseObject({
      no: z.int(),
      fromMs: z.int(),
      toMs: z.int(),
      isOpen: z.boolean(),
      isSigned: z.boolean(),
      missing: z.array(z.looseObject({ terminalId: z.string(), days: z.array(z.string()) })),
      differences: z.array(
        z.looseObject({
          terminalId: z.string(),
          day: z.string(),
          avantage: z.string(),
          unit: z.string(),
          side: z.string(),
          tillCount: z.int(),
          tillValue: z.int(),
          ledgerCount: z.int(),
          ledgerValue: z.int(),
        }),
      ),
    }),
  ),
});

async function show(client: GatewayClient, asJson: boolean): Promise<number> {
  const answer = parsed(GapsSchema, await client.get("/v1/gaps"));
  const lines = asJson ? [JSON.stringify(answer)] : answer.gaps.flatMap(linesOf);
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  return EXIT_OK;
}

type Shown = z.infer<typeof GapsSchema>["gaps"][number];

const iso = (atMs: number) => new Date(atMs).toISOString();

function linesOf(gap: Shown): readonly string[] {
  const { no, fromMs, toMs, isOpen, isSigned, missing, differences } = gap;
  const state = isOpen ? "OPEN" : isSigned ? "closed" : "RECONCILED, NOT SIGNED";
  return [
    `gap ${no}  ${state}  from ${iso(fromMs)} to ${iso(toMs)}`,
    ...missing.map((it) => `  not compared  ${it.terminalId}  ${it.days.join(" ")}`),
    ...differences.map(
      (it) =>
        `  differs       ${it.terminalId}  ${it.day}  ${it.avantage} ${it.side}: till ${it.tillCount} of ${it.tillValue}, ledger ${it.ledgerCount} of ${it.ledgerValue} (${it.unit})`,
    ),
  ];
}

const SignedSchema = z.looseObject({ no: z.int(), isOpen: z.boolean() });

async function sign(
  client: GatewayClient,
  path: string,
  why: string,
  asJson: boolean,
): Promise<number> {
  const answer = parsed(SignedSchema, await client.post(path, json({ why })));
  process.stdout.write(asJson ? `${JSON.stringify(answer)}\n` : `gap ${answer.no}  closed\n`);
  return EXIT_OK;
}
