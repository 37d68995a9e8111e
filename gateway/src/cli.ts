// The command line of the gateway: finds the subcommand, runs it, and tells what went wrong.

import { CatalogueError } from "./catalogue/catalogue-error.js";
import { account } from "./cli/account.js";
import { agent } from "./cli/agent.js";
import { checkProgramme } from "./cli/check-programme.js";
import { type Command, EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from "./cli/command.js";
import { keys } from "./cli/keys.js";
import { load } from "./cli/load/command.js";
import { replay, verify } from "./cli/prove.js";
import { qr } from "./cli/qr/command.js";
import { serve } from "./cli/serve.js";
import { alerts } from "./cli/settlement/alerts.js";
import { settle } from "./cli/settlement/settle.js";
import { settlement } from "./cli/settlement/settlement.js";
import { statement } from "./cli/settlement/statement.js";
import { terminal } from "./cli/terminal/command.js";
import { DataFolderError } from "./data-folder.js";
import { DatabaseSetupError } from "./store/sqlite/database.js";

const COMMANDS: readonly Command[] = [
  serve,
  checkProgramme,
  agent,
  keys,
  account,
  qr,
  load,
  settle,
  settlement,
  statement,
  alerts,
  terminal,
  verify,
  replay,
];

const HELP = `Usage: pass-tpe COMMAND [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join("\n")}

pass-tpe COMMAND --help tells more.
`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) {
    if (name !== "--help") throw new UsageError(`there is no command ${name ?? "given"}`);
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  if (args.includes("--help")) {
    process.stdout.write(command.help);
    return EXIT_OK;
  }
  return command.run(args);
}

function isUsage(error: unknown): boolean {
  if (error instanceof UsageError) return true;
  const code = error instanceof TypeError && "code" in error ? String(error.code) : "";
  return code.startsWith("ERR_PARSE_ARGS");
}

/** Wrong from outside: the message says who must act, and a stack would only hide it. */
function isSetup(error: unknown): boolean {
  return (
    error instanceof DatabaseSetupError ||
    error instanceof DataFolderError ||
    error instanceof CatalogueError
  );
}

function tell(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const usage = isUsage(error);
  process.stderr.write(`pass-tpe: ${message}${usage ? "\n\npass-tpe --help tells more" : ""}\n`);
  if (!usage && !isSetup(error) && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ""}\n`);
  }
  return usage ? EXIT_USAGE : EXIT_FAILED;
}

main(process.argv.slice(2))
  .catch(tell)
  .then((code) => process.exit(code));
