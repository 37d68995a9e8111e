// What the gateway issued to this terminal: looked at before it is kept, and its PIN key taken out of the envelope.

import { constants, privateDecrypt, X509Certificate } from "node:crypto";
import type { EnrolmentAnswer, RenewalAnswer } from "@pass-tpe/protocol";
import { hex } from "@pass-tpe/protocol/standards";
import type { TerminalCredentials } from "../credentials.js";
import { PassTpeError } from "../errors.js";
import type { PinKey } from "../pin/pin-key-file.js";
import { publicKeyOf } from "./private-key.js";

/** An AES-128 or AES-256 initial key. */
const INITIAL_KEY_BYTES: readonly number[] = [16, 32];

export interface Issued {
  readonly credentials: TerminalCredentials;
  readonly pinKey: PinKey;
}

/** What a renewal gives: both belong together, and replace those before them. */
export interface RenewedCredentials {
  readonly credentials: TerminalCredentials;
  /** For a software PIN pad. Null where the terminal keeps the one it has: its pad has no `installKey`, or it has no pad. */
  readonly pinKey: PinKey | null;
}

interface Answered<Answer> {
  readonly answer: Answer;
  readonly privateKey: string;
  /** The trusted authority, PEM. */
  readonly ca: string;
}

/** As {@link takeRenewed}, of an enrolment: a PIN key always comes with it. */
export function takeIssued(options: Answered<EnrolmentAnswer>): Issued {
  const { answer, privateKey } = options;
  return { credentials: credentialsIn(options), pinKey: unwrap(answer.pinKey, privateKey) };
}

/**
 * Checks that an answer is for this terminal's key and from the authority that it trusts.
 *
 * Source: RFC 8017 §7.1 (RSA-OAEP, here with SHA-256).
 *
 * @throws PassTpeError `GATEWAY_NOT_TRUSTED` where it is not; nothing of it may be kept then.
 */
export function takeRenewed(options: Answered<RenewalAnswer>): RenewedCredentials {
  const { pinKey } = options.answer;
  const credentials = credentialsIn(options);
  return { credentials, pinKey: pinKey === undefined ? null : unwrap(pinKey, options.privateKey) };
}

function credentialsIn({ answer, privateKey, ca }: Answered<RenewalAnswer>): TerminalCredentials {
  const authority = new X509Certificate(ca);
  const shown = parsed(answer.ca);
  if (shown === null || !shown.raw.equals(authority.raw)) {
    throw refused("the gateway answers with another authority than the trusted one");
  }
  const certificate = parsed(answer.certificate);
  if (certificate === null || !certificate.verify(authority.publicKey)) {
    throw refused("the gateway answers with a certificate that its authority has not signed");
  }
  const publicKey = certificate.publicKey.export({ format: "der", type: "spki" });
  if (!publicKey.equals(publicKeyOf(privateKey))) {
    throw refused("the gateway answers with a certificate for another key");
  }
  return { ca: authority.toString(), certificate: answer.certificate, privateKey };
}

function unwrap(pinKey: EnrolmentAnswer["pinKey"], privateKey: string): PinKey {
  const { initialKeyId, wrappedKey } = pinKey;
  const envelope = {
    key: privateKey,
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: "sha256",
  };
  let initialKey: Buffer | null;
  try {
    initialKey = privateDecrypt(envelope, Buffer.from(wrappedKey, "base64"));
  } catch {
    initialKey = null;
  }
  if (initialKey === null || !INITIAL_KEY_BYTES.includes(initialKey.length)) {
    throw refused("the gateway answers with a PIN key that is not wrapped for this terminal");
  }
  const initialKeyHex = hex(initialKey);
  initialKey.fill(0);
  return { initialKeyHex, initialKeyIdHex: initialKeyId };
}

function parsed(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null;
  }
}

function refused(problem: string): PassTpeError {
  const detail = `${problem}: nothing of it was kept; tell the gateway's operator`;
  return new PassTpeError({ code: "GATEWAY_NOT_TRUSTED", detail });
}
