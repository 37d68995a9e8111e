// Loads a package that only some tills have, and says what to install where it is missing.

import { ReaderSetupError } from "./reader.js";

/**
 * Loads an optional package at the moment when it is needed.
 *
 * @param load the dynamic import.
 * @param install what the integrator has to do, for instance `npm install serialport`.
 * @throws ReaderSetupError when the package is missing or its native part does not load.
 */
export async function loadOptionalPackage<Module>(
  load: () => Promise<Module>,
  install: string,
): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new ReaderSetupError(`${why}. On this till, run: ${install}`, { cause: error });
  }
}
