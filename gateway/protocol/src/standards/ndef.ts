// The file of an NFC Forum type 4 tag that holds one web address, as a phone or terminal reads it.
import { hex } from "./bytes.js";

/** The largest NDEF file read or written, in bytes, NLEN included: that of the NTAG 424 DNA. */
export const MAX_NDEF_FILE_BYTES = 256;

const NLEN_BYTES = 2;
const RECORD_HEAD_BYTES = 4;

/** First and last record of the message, short form, well-known type. */
const SHORT_WELL_KNOWN_RECORD = 0xd1;
const URI_TYPE = 0x55;
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/** The beginnings that a URI record writes as one byte, by their code (URI RTD 1.0, table 3). */
const URI_BEGINNINGS: readonly string[] = [
  ...["", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:"],
  ...["ftp://anonymous:anonymous@", "ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://"],
  ...["ftp://", "dav://", "news:", "telnet://", "imap:", "rtsp://", "urn:", "pop:", "sip:"],
  ...["sips:", "tftp:", "btspp://", "btl2cap://", "btgoep://", "tcpobex://", "irdaobex://"],
  ...["file://", "urn:epc:id:", "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:"],
  "urn:nfc:",
];

/** The part of the file that is not as it should be. */
export type NdefField =
  | "file"
  | "nlen"
  | "header"
  | "payload length"
  | "type"
  | "beginning"
  | "uri";

/** Why a file was refused: the field, its bytes as hex, and both in a sentence for a log. */
export type NdefRefusal = { ok: false; field: NdefField; raw: string; reason: string };

/**
 * The NDEF file for one address: a 2-byte length (NLEN), then one short URI record.
 *
 * @param uri printable ASCII without blanks.
 * @throws RangeError when it is empty, not such text, or the file would exceed MAX_NDEF_FILE_BYTES.
 * Source: NFC Forum Type 4 Tag (NDEF file), NDEF 1.0 section 3.2, URI RTD 1.0 section 3.2.
 */
export function buildNdefUriFile(uri: string): Buffer {
  if (!PRINTABLE_ASCII.test(uri)) {
    throw new RangeError("NDEF address: the caller must pass printable ASCII without blanks");
  }
  const code = codeOfLongestBeginning(uri);
  const rest = Buffer.from(uri.slice(URI_BEGINNINGS[code]?.length), "ascii");
  const payloadLength = 1 + rest.byteLength;
  const head = [SHORT_WELL_KNOWN_RECORD, 1, payloadLength, URI_TYPE, code];
  const file = Buffer.concat([Buffer.of(0, RECORD_HEAD_BYTES + payloadLength, ...head), rest]);
  if (file.byteLength > MAX_NDEF_FILE_BYTES) {
    throw new RangeError(
      `NDEF address: the file has ${file.byteLength} bytes, the limit is ${MAX_NDEF_FILE_BYTES}; shorten the address`,
    );
  }
  return file;
}

/**
 * The address in an NDEF file. Bytes after the length that NLEN gives are not read.
 *
 * @returns the address, or the first field that is cut, oversized or of another record.
 */
export function parseNdefUriFile(file: Uint8Array): { ok: true; uri: string } | NdefRefusal {
  const bytes = Buffer.from(file);
  if (bytes.byteLength > MAX_NDEF_FILE_BYTES) {
    return refusal("file", bytes.subarray(0, NLEN_BYTES), `${bytes.byteLength} bytes are too many`);
  }
  if (bytes.byteLength < NLEN_BYTES) return refusal("nlen", bytes, "is cut");
  const nlen = bytes.readUInt16BE(0);
  const record = bytes.subarray(NLEN_BYTES, NLEN_BYTES + nlen);
  if (record.byteLength < nlen) {
    const missing = nlen - record.byteLength;
    return refusal(
      "nlen",
      bytes.subarray(0, NLEN_BYTES),
      `${missing} of ${nlen} bytes are missing`,
    );
  }
  if (nlen <= RECORD_HEAD_BYTES) {
    return refusal("nlen", bytes.subarray(0, NLEN_BYTES), "is too short for an address");
  }
  return parseUriRecord(record);
}

function parseUriRecord(record: Buffer): { ok: true; uri: string } | NdefRefusal {
  if (record[0] !== SHORT_WELL_KNOWN_RECORD) {
    return refusal("header", record.subarray(0, 1), "is not one short well-known record");
  }
  if (record[1] !== 1 || record[3] !== URI_TYPE) {
    return refusal("type", record.subarray(1, RECORD_HEAD_BYTES), "is not an address record");
  }
  if (record[2] !== record.byteLength - RECORD_HEAD_BYTES) {
    return refusal("payload length", record.subarray(2, 3), "does not fill the message");
  }
  const code = record.subarray(RECORD_HEAD_BYTES, RECORD_HEAD_BYTES + 1);
  const beginning = URI_BEGINNINGS[code.readUInt8(0)];
  if (beginning === undefined) return refusal("beginning", code, "is an unknown code");
  const rest = record.subarray(RECORD_HEAD_BYTES + 1);
  const uri = beginning + rest.toString("latin1");
  if (!PRINTABLE_ASCII.test(uri)) return refusal("uri", rest, "is not printable ASCII");
  return { ok: true, uri };
}

function codeOfLongestBeginning(uri: string): number {
  let best = 0;
  URI_BEGINNINGS.forEach((beginning, code) => {
    const isLonger = beginning.length > (URI_BEGINNINGS[best]?.length ?? 0);
    if (isLonger && uri.startsWith(beginning)) best = code;
  });
  return best;
}

function refusal(field: NdefField, bytes: Uint8Array, what: string): NdefRefusal {
  const raw = hex(bytes);
  return { ok: false, field, raw, reason: `${field} ${what} (${raw || "no bytes"})` };
}
