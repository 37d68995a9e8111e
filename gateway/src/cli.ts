// The command line of the gateway: finds the subcommand, runs it, and tells what went wrong.

import { ArchiveError } from "./archive/paths.js";
import { CatalogueError } from "./catalogue/catalogue-error.js";
import { type Command, EXIT_FAILED, EXIT_OK, EXIT_USAGE, UsageError } from "./cli/command.js";
import { ClockError } from "./clock-guard.js";
import { DataFolderError } from "./data-folder-files.js";
import { TransactionLostError } from "./store/driver.js";
import { LedgerFailedError } from "./store/failures.js";
import { DatabaseSetupError } from "./store/setup-error.js";

/** Each is read from disk where it is asked for: a gateway that starts waits for no picture writer. */
const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ["serve", async () => (await import("./cli/serve.js")).serve],
  ["check-programme", async () => (await import("./cli/check-programme.js")).checkProgramme],
  ["agent", async () => (await import("./cli/agent.js")).agent],
  ["keys", async () => (await import("./cli/keys.js")).keys],
  ["account", async () => (await import("./cli/account.js")).account],
  ["qr", async () => (await import("./cli/qr/command.js")).qr],
  ["load", async () => (await import("./cli/load/command.js")).load],
  ["settle", async () => (await import("./cli/settlement/settle.js")).settle],
  ["settlement", async () => (await import("./cli/settlement/settlement.js")).settlement],
  ["statement", async () => (await import("./cli/settlement/statement.js")).statement],
  ["alerts", async () => (await import("./cli/settlement/alerts.js")).alerts],
  ["terminal", async () => (await import("./cli/terminal/command.js")).terminal],
  ["backup", async () => (await import("./cli/backup.js")).backup],
  ["restore", async () => (await import("./cli/restore.js")).restore],
  ["copy", async () => (await import("./cli/copy.js")).copy],
  ["gap", async () => (await import("./cli/gap.js")).gap],
  ["verify", async () => (await import("./cli/prove.js")).verify],
  ["replay", async () => (await import("./cli/prove.js")).replay],
]);

async function help(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((find) => find()));
  return `Usage: pass-tpe COMMAND [options]

${commands.map(({ name, summary }) => `  ${name.padEnd(16)} ${summary}`).join("\n")}

pass-tpe COMMAND --help tells more.
`;
}

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === "--help") {
    process.stdout.write(await help());
    return EXIT_OK;
  }
  const find = name === undefined ? undefined : COMMANDS.get(name);
  if (!find) throw new UsageError(`there is no command ${name ?? "given"}`);
  const command = await find();
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
    error instanceof ArchiveError ||
    error instanceof ClockError ||
    error instanceof TransactionLostError ||
    error instanceof LedgerFailedError ||
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

/** Once a reader has taken what was printed: an exit would lose what a full pipe has not taken. */
function endWith(code: number): void {
  if (process.stdout.writableLength === 0) process.exit(code);
  process.stdout.write("", () => process.exit(code));
}

main(process.argv.slice(2)).catch(tell).then(endWith);
