// What a database is refused with that cannot be used.

/** Who must act: the operator; the message says what to do, and names no password. */
export class DatabaseSetupError extends Error {
  override readonly name = "DatabaseSetupError";
}
