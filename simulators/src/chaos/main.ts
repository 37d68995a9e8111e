// `npm run chaos`: kills, pauses, bad networks and full disks on real processes, and a checker that counts the money.

import { EXIT_INTERRUPTED, endBySignals } from "./ending.js";
import { CHAOS_HELP, isUsageError, readChaosOptions } from "./options.js";
import { openRemains } from "./remains.js";
import { reportLines } from "./report.js";
import { runChaos } from "./run.js";

const EXIT_VIOLATION = 1;
const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<number> {
  const options = readChaosOptions(args);
  if (options === null) {
    process.stdout.write(CHAOS_HELP);
    return 0;
  }
  const stop = new AbortController();
  const { signal } = stop;
  const say = (line: string) => void process.stderr.write(`chaos: ${line}\n`);
  const remains = openRemains();
  const onFirst = () => {
    say("ending: the report follows; a second Ctrl-C ends it at once, without one");
    stop.abort();
  };
  endBySignals({ onFirst, onLast: remains.sweep });
  const report = await runChaos(options, { signal, say, remains }).catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return null;
    throw error;
  });
  if (report === null) {
    say("ended while it was being set up: nothing was sold");
    return EXIT_INTERRUPTED;
  }
  const lines = options.json ? [JSON.stringify(report)] : reportLines(report);
  process.stdout.write(`${lines.join("\n")}\n`);
  return report.violations.length === 0 ? 0 : EXIT_VIOLATION;
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const usage = isUsageError(error);
    const shown = usage && error instanceof Error ? error.message : text;
    process.stderr.write(`npm run chaos: ${shown}${usage ? "\n\n--help tells more" : ""}\n`);
    return usage ? EXIT_USAGE : EXIT_VIOLATION;
  })
  .then((code) => process.exit(code));
