// Makes a terminal out of an activation code, in one call that may be repeated until it succeeds.

import { createHash } from "node:crypto";
import type { EnrolmentAnswer } from "@pass-tpe/protocol";
import { HttpClient } from "../client/http-client.js";
import { systemClock, type TerminalClock } from "../clock.js";
import { saveCredentials } from "../credentials.js";
import { nodeDisk, type TerminalDisk } from "../disk.js";
import { PassTpeError } from "../errors.js";
import { installPinKey } from "../pin/pin-key-file.js";
import { connectionError } from "../sale/connection-fault.js";
import {
  type CheckedEnrolment,
  checkEnrolment,
  type EnrolmentOptions,
  refuseToReplace,
} from "./check-enrolment.js";
import { askForEnrolment } from "./enrolment-request.js";
import { takeIssued } from "./issued.js";
import { kept } from "./kept.js";
import { enrolmentFile, renewalFile } from "./pending-file.js";
import { findPinnedAuthority } from "./pinned-authority.js";
import { certificateRequest, newPrivateKey } from "./private-key.js";
import { problemError } from "./refusal.js";

export interface EnrolledTerminal {
  readonly terminalId: string;
  readonly pointOfSaleId: string;
  readonly certificateExpiresAtMs: number;
}

/** What tests put in place of the machine's. */
interface Machine {
  readonly disk: TerminalDisk;
  readonly clock: TerminalClock;
  /** PEM, PKCS#8. */
  readonly newPrivateKey: () => Promise<string>;
}

/**
 * Makes the terminal's key, has it certified by the gateway whose authority the code names, and keeps credentials and
 * PIN key durably, readable by their owner alone. After a lost answer or a crash the same call again, with the same code,
 * goes on where it ended: the private key is kept before anything is sent.
 *
 * @throws PassTpeError `OPTIONS_INVALID` for what was given, existing credentials included; `GATEWAY_NOT_TRUSTED` where
 * the gateway is not the code's, before anything is sent; `REFUSED` for a code that does not work, or no more;
 * `UNREACHABLE`; `CREDENTIALS_UNREADABLE` where the files cannot be kept. None quotes the code or a key.
 */
export function enrolTerminal(options: EnrolmentOptions): Promise<EnrolledTerminal> {
  return enrolOn({ disk: nodeDisk, clock: systemClock, newPrivateKey }, options);
}

/** As {@link enrolTerminal}, on any machine. */
export async function enrolOn(
  machine: Machine,
  options: EnrolmentOptions,
): Promise<EnrolledTerminal> {
  const checked = checkEnrolment(options);
  const giveBack = await kept(checked.credentials, () => machine.disk.lock(checked.credentials));
  try {
    return await enrol(machine, checked);
  } finally {
    await giveBack();
  }
}

async function enrol(machine: Machine, options: CheckedEnrolment): Promise<EnrolledTerminal> {
  const { credentials: path } = options;
  const pending = enrolmentFile(machine.disk, path);
  const purpose = purposeOf(options);
  const known = await kept(path, () => pending.read(purpose));
  if (known?.answer !== undefined)
    return finish(machine, options, { ...known, answer: known.answer });
  await refuseToReplace(machine.disk, options);
  const ca = await findPinnedAuthority({ ...options, clock: machine.clock });
  const privateKey = known?.privateKey ?? (await machine.newPrivateKey());
  await kept(path, () => pending.keep({ purpose, privateKey }));
  const answer = await ask(machine, { ...options, ca, privateKey });
  takeIssued({ answer, privateKey, ca });
  await kept(path, () => pending.keep({ purpose, privateKey, answer }));
  return finish(machine, options, { privateKey, answer });
}

async function ask(
  { clock }: Machine,
  options: CheckedEnrolment & { ca: string; privateKey: string },
): Promise<EnrolmentAnswer> {
  const { gateway, ca, privateKey, secret, timeoutMs } = options;
  const http = new HttpClient({ gateway: gateway.href, credentials: { ca }, clock });
  try {
    const csr = certificateRequest(privateKey);
    const exchange = await askForEnrolment({ http, secret, csr, timeoutMs });
    if (exchange.kind === "answer") return exchange.body;
    if (exchange.kind === "problem") throw problemError(exchange, "Call again with the same code");
    throw unanswered(exchange.reason, gateway);
  } finally {
    http.close();
  }
}

function unanswered(reason: string, { host }: URL): PassTpeError {
  const { code } = connectionError(reason);
  if (code === "UNREACHABLE") {
    const detail = `${reason}; call again with the same code, which goes on where this ended`;
    return new PassTpeError({ code, detail });
  }
  const detail = `${host} is not certified by the code's authority under this name, and nothing was sent: correct gateway (${reason})`;
  return new PassTpeError({ code: "GATEWAY_NOT_TRUSTED", detail });
}

/** The PIN key goes first and the pending file last, so that a crash in between is finished by the next call. */
async function finish(
  { disk }: Machine,
  { credentials: path, pinKeyFile }: CheckedEnrolment,
  { privateKey, answer }: { privateKey: string; answer: EnrolmentAnswer },
): Promise<EnrolledTerminal> {
  const { credentials, pinKey } = takeIssued({ answer, privateKey, ca: answer.ca });
  await installPinKey({ path: pinKeyFile, pinKey, disk });
  await kept(path, async () => {
    // A renewal of credentials that are gone: the next start must not take it up.
    await renewalFile(disk, path).remove();
    await saveCredentials({ path, credentials, disk });
    await enrolmentFile(disk, path).remove();
  });
  const { terminalId, pointOfSaleId, certificateExpiresAtMs } = answer;
  return { terminalId, pointOfSaleId, certificateExpiresAtMs };
}

/** By a digest: the code itself is written nowhere. */
function purposeOf({ secret, gateway }: CheckedEnrolment): string {
  const digest = createHash("sha256").update(`${gateway.host} ${secret}`).digest("hex");
  return `enrolment ${digest}`;
}
