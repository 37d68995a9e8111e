// Runs the vectors of what stands between card and till: QR tokens, scanners, PC/SC and its virtual reader.
import { strict as assert } from "node:assert";
import {
  createScanLineParser,
  ed25519KeysFromSeed,
  ed25519Sign,
  ed25519Verify,
  hex,
} from "@pass-tpe/protocol/standards";
import {
  createVpcdFrameParser,
  type VpcdMessage,
  vpcdFrame,
} from "../../../simulators/src/readers/vpcd-frame.js";
import { readAnswerToReset } from "../../../terminal-sdk/src/readers/atr.js";
import { SCAN_LINE_BYTES_MAX } from "../../../terminal-sdk/src/readers/scan-line-clock.js";
import { bytes, type Fields, type Runner } from "../vector-file.js";

export const readerRunners: Readonly<Record<string, Runner>> = {
  atr_check: (input) => ({ ...readAnswerToReset(bytes(input, "atr")) }),
  ed25519: runEd25519,
  scan_line: runScanLine,
  vpcd_frame: runVpcdFrame,
};

function runEd25519(input: Fields): Fields {
  const { privateKey, publicKey } = ed25519KeysFromSeed(bytes(input, "seed"));
  const message = bytes(input, "message");
  const signature = ed25519Sign({ privateKey, message });
  assert(ed25519Verify({ publicKey, message, signature }));
  const rawPublicKey = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  return { publicKey: hex(rawPublicKey), signature: hex(signature) };
}

function runScanLine(input: Fields): Fields {
  const parser = createScanLineParser({ maxLength: SCAN_LINE_BYTES_MAX });
  const lines = [...parser.push(bytes(input, "bytes")), ...parser.flush()];
  assert.equal(lines.length, 1);
  return { ...lines[0] };
}

const CONTROL_BODIES = { powerOff: "00", powerOn: "01", reset: "02", atr: "04" } as const;

function runVpcdFrame(input: Fields): Fields {
  const frame = bytes(input, "frame");
  const [message, ...others] = createVpcdFrameParser()(frame);
  assert.deepEqual(others, []);
  // A frame without a body says nothing.
  const body = message ? bodyOf(message) : Buffer.alloc(0);
  assert.equal(hex(vpcdFrame(body)), hex(frame));
  return { length: body.length, body: hex(body) };
}

function bodyOf(message: VpcdMessage): Buffer {
  if (message.type === "apdu") return message.apdu;
  return Buffer.from(CONTROL_BODIES[message.type], "hex");
}
