// Has a failing disk say which file it is about and who must act.

import { PassTpeError, textOf } from "../errors.js";

/** Runs work on a file. @throws PassTpeError `CREDENTIALS_UNREADABLE` for what the disk throws: it names the file, not its content. */
export async function kept<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof PassTpeError) throw thrown;
    const detail = `${path}: ${textOf(thrown)}; see to the disk and its rights`;
    throw new PassTpeError({ code: "CREDENTIALS_UNREADABLE", detail, cause: thrown });
  }
}
