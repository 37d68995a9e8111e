// By what a terminal proves who it is: certificate, key, and the initial key of its software PIN pad.

import { X509Certificate } from "node:crypto";
import { stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { nodeDisk } from "./disk.js";
import { PassTpeError, textOf } from "./errors.js";

/** The initial AES DUKPT key of a software PIN pad (ANSI X9.24-3-2017 §6.3), in hex. */
export interface PinKey {
  readonly initialKeyHex: string;
  /** Base key id and derivation id, 16 hex digits. */
  readonly initialKeyIdHex: string;
}

export interface TerminalCredentials {
  /** The certificate authority of the gateway, PEM. */
  readonly ca: string;
  /** The terminal's own certificate, PEM. Its identity at the gateway. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
  readonly pinKey?: PinKey;
}

/** A credentials file is refused above this size. */
const CREDENTIALS_BYTES_MAX = 256 * 1024;

const HEX_KEY = /^(?:[0-9A-Fa-f]{32}|[0-9A-Fa-f]{64})$/;
const HEX_KEY_ID = /^[0-9A-Fa-f]{16}$/;

/**
 * Reads credentials that {@link saveCredentials} wrote.
 *
 * @throws PassTpeError `CREDENTIALS_UNREADABLE` when the file is missing, malformed, or open to other users.
 */
export async function loadCredentials(path: string): Promise<TerminalCredentials> {
  let bytes: Uint8Array | null;
  try {
    bytes = await nodeDisk.read({ path, bytesMax: CREDENTIALS_BYTES_MAX });
  } catch (thrown) {
    throw unreadable(`${path}: ${textOf(thrown)}`, thrown);
  }
  if (bytes === null) throw unreadable(`${path} does not exist; enrol the terminal first`);
  await refuseOpenFile(path);
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
}): Promise<void> {
  const { path, credentials } = options;
  const bytes = Buffer.from(`${JSON.stringify(parseCredentials(credentials), null, 2)}\n`);
  await nodeDisk.replace({ path, bytes });
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
  const pinKey = field(value, "pinKey");
  const common = { ca, certificate, privateKey };
  return pinKey === undefined ? common : { ...common, pinKey: parsePinKey(pinKey) };
}

/**
 * By what the gateway knows the terminal: its certificate's subject, which stays the same when the certificate is
 * renewed. In one line.
 */
export function identityOf({ certificate }: TerminalCredentials): string {
  return new X509Certificate(certificate).subject.split("\n").join(", ");
}

function parsePinKey(value: unknown): PinKey {
  const initialKeyHex = textField(value, "initialKeyHex");
  const initialKeyIdHex = textField(value, "initialKeyIdHex");
  if (!HEX_KEY.test(initialKeyHex)) throw unreadable("initialKeyHex must be 32 or 64 hex digits");
  if (!HEX_KEY_ID.test(initialKeyIdHex)) throw unreadable("initialKeyIdHex must be 16 hex digits");
  return { initialKeyHex, initialKeyIdHex };
}

async function refuseOpenFile(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) {
    throw unreadable(`${path} can be read by other users; run chmod 600 on it`);
  }
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
