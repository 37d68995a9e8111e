// What the gateway knows of this terminal, asked for by the till.

import type { TerminalProfile } from "@pass-tpe/protocol";
import type { ProfileKeeper } from "../client/profile.js";
import { PassTpeError } from "../errors.js";
import { connectionError } from "../sale/connection-fault.js";

/**
 * Asks the gateway; the last profile when it does not answer now.
 *
 * @throws PassTpeError `UNREACHABLE`, `TERMINAL_AUTH_FAILED` or `REFUSED`.
 */
export async function readProfile(profile: ProfileKeeper): Promise<TerminalProfile> {
  const exchange = await profile.refresh();
  if (exchange.kind === "answer") return exchange.body;
  if (exchange.kind === "problem") {
    throw new PassTpeError({ code: "REFUSED", detail: exchange.problem.detail });
  }
  if (profile.known !== null) return profile.known.profile;
  throw connectionError(exchange.reason);
}
