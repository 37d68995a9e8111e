// By what a terminal proves who it is: its certificate and the key to it.

import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { nodeDisk, type TerminalDisk } from "./disk.js";
import { PassTpeError, textOf } from "./errors.js";

export interface TerminalCredentials {
  /** The certificate authority of the gateway, PEM. */
  readonly ca: string;
  /** The terminal's own certificate, PEM. Its identity at the gateway. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/** A credentials file is refused above this size. */
const CREDENTIALS_BYTES_MAX = 256 * 1024;

/**
 * Reads credentials that {@link saveCredentials} wrote.
 *
 * @throws PassTpeError `CREDENTIALS_UNREADABLE` when the file is missing, malformed, or open to other users.
 */
export async function loadCredentials(
  path: string,
  disk: TerminalDisk = nodeDisk,
): Promise<TerminalCredentials> {
  // Not quoted: it holds a key.
  if (path.includes("-----BEGIN "))
    throw unreadable("credentials was given a PEM text, not a path");
  let bytes: Uint8Array | null;
  try {
    bytes = await disk.read({ path, bytesMax: CREDENTIALS_BYTES_MAX, ownerOnly: true });
  } catch (thrown) {
    throw unreadable(`${path}: ${textOf(thrown)}`, thrown);
  }
  if (bytes === null) throw unreadable(`${path} does not exist; enrol the terminal first`);
  try {
    return parseCredentials(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (thrown) {
    if (thrown instanceof PassTpeError) throw thrown;
    // The parser's own message could quote a piece of the key.
    throw unreadable(`${path} is not JSON; enrol the terminal again`);
  }
}

/** Writes credentials durably, readable by their owner alone. */
export async function saveCredentials(options: {
  path: string;
  credentials: TerminalCredentials;
  disk?: TerminalDisk;
}): Promise<void> {
  const { path, credentials, disk = nodeDisk } = options;
  const bytes = Buffer.from(`${JSON.stringify(parseCredentials(credentials), null, 2)}\n`);
  await disk.replace({ path, bytes });
}

/**
 * Checks that a value is a set of credentials that TLS can use.
 *
 * @throws PassTpeError `CREDENTIALS_UNREADABLE`; the message names the field, never its content.
 */
export function parseCredentials(value: unknown): TerminalCredentials {
  const ca = textField(value, "ca");
  const certificate = textField(value, "certificate");
  const privateKey = textField(value, "privateKey");
  try {
    createSecureContext({ ca, cert: certificate, key: privateKey });
  } catch (thrown) {
    throw unreadable("ca, certificate and privateKey are no matching PEM texts", thrown);
  }
  return { ca, certificate, privateKey };
}

/**
 * By what the gateway knows the terminal: its certificate's subject, which stays the same when the certificate is
 * renewed. In one line.
 */
export function identityOf({ certificate }: TerminalCredentials): string {
  return new X509Certificate(certificate).subject.split("\n").join(", ");
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) throw unreadable(`no object with ${name}`);
  return (value as Record<string, unknown>)[name];
}

function textField(value: unknown, name: string): string {
  const text = field(value, name);
  if (typeof text !== "string") throw unreadable(`${name} must be a text`);
  return text;
}

function unreadable(detail: string, cause?: unknown): PassTpeError {
  return new PassTpeError({ code: "CREDENTIALS_UNREADABLE", detail, cause });
}
