// `pass-tpe check-programme`: says whether a programme file is sound, and each place where it is not.

import { parseArgs } from "node:util";
import { CatalogueError } from "../catalogue/catalogue-error.js";
import { type Command, EXIT_FAILED, EXIT_OK, needed, takesWords } from "./command.js";
import { programmeFrom } from "./serve.js";

export const checkProgramme: Command = {
  name: "check-programme",
  summary: "check a programme file",
  help: `Usage: pass-tpe check-programme FILE

Checks a programme file as serve would. Each fault is one line on stdout: FILE:LINE: path: reason.

It ends with 0 when the programme is sound, and with 1 when it is not.
`,
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
    takesWords(positionals, 1);
    try {
      programmeFrom(needed(positionals[0], "FILE"));
      return EXIT_OK;
    } catch (error) {
      if (!(error instanceof CatalogueError)) throw error;
      process.stdout.write(`${error.message}\n`);
      return EXIT_FAILED;
    }
  },
};
