// `npm run soak`: hours' worth of sales as fast as the machine can, and nothing may grow that must not.

import { writeFileSync } from "node:fs";
import { endBySignals } from "../ending.js";
import { isUsageError } from "../options.js";
import { openRemains } from "../remains.js";
import { readSoakOptions, SOAK_HELP } from "./options.js";
import { drawSoak } from "./plot.js";
import { runSoak, type SoakReport } from "./run.js";

const EXIT_FAULT = 1;
const EXIT_USAGE = 2;

async function main(args: readonly string[]): Promise<number> {
  const options = readSoakOptions(args);
  if (options === null) {
    process.stdout.write(SOAK_HELP);
    return 0;
  }
  const remains = openRemains();
  endBySignals({ onFirst: null, onLast: remains.sweep });
  const say = (line: string) => void process.stderr.write(`soak: ${line}\n`);
  const report = await runSoak(options, { say, remains });
  if (options.plotFile !== null) {
    const title = `Soak: ${report.sales} sales of ${report.terminals} terminals in ${report.seconds} s`;
    writeFileSync(options.plotFile, drawSoak(report.samples, title));
  }
  const lines = options.json ? [JSON.stringify(report)] : linesOf(report);
  process.stdout.write(`${lines.join("\n")}\n`);
  return report.faults.length === 0 ? 0 : EXIT_FAULT;
}

function linesOf({
  sales,
  approved,
  terminals,
  seconds,
  grown,
  faults,
}: SoakReport): readonly string[] {
  return [
    `${sales} sales of ${terminals} terminals in ${seconds} s, ${approved} of them approved`,
    ...grown.map(
      ({ name, first, last, most, growth, growthMax }) =>
        `${name}: first ${first}, last ${last}, most ${most}; after the warm-up it grows by ${growth}${growthMax === null ? "" : ` (at most ${growthMax})`}`,
    ),
    ...faults.map((fault) => `FAULT ${fault}`),
    faults.length === 0 ? "nothing grew that must not" : `${faults.length} faults`,
  ];
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const usage = isUsageError(error);
    const shown = usage && error instanceof Error ? error.message : text;
    process.stderr.write(`npm run soak: ${shown}${usage ? "\n\n--help tells more" : ""}\n`);
    return usage ? EXIT_USAGE : EXIT_FAULT;
  })
  .then((code) => process.exit(code));
