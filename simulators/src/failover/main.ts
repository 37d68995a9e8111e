// `npm run failover`: kills the primary of a cluster under load, and breaks what else can break, and counts the money.

import { EXIT_INTERRUPTED, endBySignals } from "../chaos/ending.js";
import { isUsageError } from "../chaos/options.js";
import { openRemains } from "../chaos/remains.js";
import { FAILOVER_HELP, readFailoverOptions } from "./options.js";
import { reportLines } from "./report.js";
import { runFailover } from "./run.js";

const EXIT_VIOLATION = 1;
const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<number> {
  const options = readFailoverOptions(args);
  if (options === null) {
    process.stdout.write(FAILOVER_HELP);
    return 0;
  }
  const stop = new AbortController();
  const { signal } = stop;
  const say = (line: string) => void process.stderr.write(`failover: ${line}\n`);
  const remains = openRemains();
  const onFirst = () => {
    say("ending: the report follows; a second Ctrl-C ends it at once, without one");
    stop.abort();
  };
  endBySignals({ onFirst, onLast: remains.sweep });
  try {
    const report = await runFailover(options, { signal, say, remains });
    const lines = options.json ? [JSON.stringify(report)] : reportLines(report);
    process.stdout.write(`${lines.join("\n")}\n`);
    return report.violations.length === 0 ? 0 : EXIT_VIOLATION;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    say("ended while it was being set up: nothing was sold");
    return EXIT_INTERRUPTED;
  }
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const usage = isUsageError(error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const shown = usage && error instanceof Error ? `${error.message}\n\n--help tells more` : text;
    process.stderr.write(`npm run failover: ${shown}\n`);
    return usage ? EXIT_USAGE : EXIT_VIOLATION;
  })
  .then((code) => process.exit(code));
