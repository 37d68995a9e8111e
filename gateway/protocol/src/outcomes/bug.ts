// The one way in which this folder reports a mistake of the calling program.

/**
 * Stop at a mistake in the code that calls. A refusal of a sale is never reported this way.
 * @throws Error always
 */
export function bug(whatToMend: string): never {
  throw new Error(`Bug, for the developer to mend: ${whatToMend}`);
}
