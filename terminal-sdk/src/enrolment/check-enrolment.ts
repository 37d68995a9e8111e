// Checks what an enrolment is given, before anything is made or sent.

import { parseActivationCode } from "@pass-tpe/protocol/standards";
import type { TerminalDisk } from "../disk.js";
import { allowType, fieldsOf, invalid, requireText } from "../given.js";
import { kept } from "./kept.js";

const DEFAULT_TIMEOUT_MS = 10_000;
const TIMEOUT_MS_MAX = 120_000;
/** As much is read of files that are only asked whether they are there. */
const KEPT_BYTES_MAX = 256 * 1024;

export interface EnrolmentOptions {
  /** The gateway's https URL. */
  readonly gateway: string;
  /** As the operator gave it: 32 characters, however they are grouped. Works once, for about an hour. */
  readonly activationCode: string;
  /** Where the credentials go, readable by their owner alone. Beside it lies `<credentials>.pending` meanwhile. */
  readonly credentials: string;
  /** Where the PIN key goes: `keyFile` of `softwarePinPad`. */
  readonly pinKeyFile: string;
  /** Puts the new credentials in the place of those that are there; otherwise that is refused. */
  readonly replace?: boolean;
  /** For the handshake, and again for the answer. */
  readonly timeoutMs?: number;
}

export interface CheckedEnrolment {
  readonly gateway: URL;
  readonly secret: string;
  readonly authorityHash: Buffer;
  readonly credentials: string;
  readonly pinKeyFile: string;
  readonly replace: boolean;
  readonly timeoutMs: number;
}

/** @throws PassTpeError `OPTIONS_INVALID`: names the field, and never quotes the code. */
export function checkEnrolment(options: EnrolmentOptions): CheckedEnrolment {
  const given = fieldsOf("options", options);
  for (const name of ["gateway", "activationCode", "credentials", "pinKeyFile"]) {
    requireText(name, given[name]);
  }
  allowType({ name: "replace", value: given["replace"], type: "boolean" });
  allowType({ name: "timeoutMs", value: given["timeoutMs"], type: "number" });
  const { credentials, pinKeyFile, replace = false, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (!(timeoutMs > 0 && timeoutMs <= TIMEOUT_MS_MAX)) {
    throw invalid(`timeoutMs must be above 0 and at most ${TIMEOUT_MS_MAX}`);
  }
  if (credentials === pinKeyFile) throw invalid("credentials and pinKeyFile must be two files");
  const gateway = URL.canParse(options.gateway) ? new URL(options.gateway) : null;
  if (gateway?.protocol !== "https:") {
    throw invalid("gateway must be an https URL, such as https://gateway.example:8443");
  }
  if (parseActivationCode(gateway.hostname) !== null) {
    throw invalid("gateway is an activation code: give the gateway's https URL there");
  }
  const code = parseActivationCode(options.activationCode);
  if (code === null) {
    throw invalid("activationCode is none: type its 32 characters again, or ask for a new one");
  }
  return { gateway, ...code, credentials, pinKeyFile, replace, timeoutMs };
}

/** @throws PassTpeError `OPTIONS_INVALID` where credentials or a PIN key are there that nobody wants replaced. */
export async function refuseToReplace(
  disk: TerminalDisk,
  options: Pick<CheckedEnrolment, "credentials" | "pinKeyFile" | "replace">,
): Promise<void> {
  const { credentials, pinKeyFile, replace } = options;
  if (replace) return;
  const files = [
    { path: credentials, what: "credentials", hint: "" },
    // Another till's, perhaps: its PINs would be sealed under a key that is not its own.
    { path: pinKeyFile, what: "a PIN key", hint: "name another pinKeyFile, or " },
  ];
  for (const { path, what, hint } of files) {
    const found = await kept(path, () => disk.read({ path, bytesMax: KEPT_BYTES_MAX }));
    if (found === null) continue;
    throw invalid(
      `${path} holds ${what} already; ${hint}give replace: true to put a new one there`,
    );
  }
}
