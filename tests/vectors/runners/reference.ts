// Runs the vectors of what the product does not do itself, through the reference code beside this folder.
import { hex } from "@pass-tpe/protocol/standards";
import { authenticateEv2First, wrapEv2 } from "../reference/ev2.js";
import { tagKey, undiversifiedKey } from "../reference/sdm-backend-keys.js";
import { totp } from "../reference/totp.js";
import { bytes, type Fields, list, type Runner, text, whole } from "../vector-file.js";

export const referenceRunners: Readonly<Record<string, Runner>> = {
  authenticate_ev2_first: (input) => {
    const { command, ...made } = authenticateEv2First({
      key: bytes(input, "key"),
      keyNumber: whole(input, "keyNo"),
      rndA: bytes(input, "rndA"),
      part1: bytes(input, "piccPart1"),
      part2: bytes(input, "piccPart2"),
    });
    return { cmd1: hex(command), ...inHex(made) };
  },
  ev2_wrap: (input) =>
    inHex(
      wrapEv2({
        mode: text(input, "mode"),
        command: bytes(input, "cmd"),
        header: bytes(input, "header"),
        data: bytes(input, "data"),
        encKey: bytes(input, "sesAuthEncKey"),
        macKey: bytes(input, "sesAuthMacKey"),
        transactionId: bytes(input, "ti"),
        commandCounter: whole(input, "cmdCtr"),
        response: "response" in input ? bytes(input, "response") : null,
      }),
    ),
  sdm_backend_kdf: (input) => {
    const masterKey = bytes(input, "masterKey");
    return {
      undiversified1: hex(undiversifiedKey(masterKey)),
      tagKeys: list(input, "cases").map((one) =>
        hex(tagKey({ masterKey, uid: bytes(one, "uid"), keyNumber: whole(one, "keyNo") })),
      ),
    };
  },
  totp_sha256: (input) => ({
    code: totp({
      secret: Buffer.from(text(input, "secretAscii"), "ascii"),
      timeS: whole(input, "time"),
      stepS: whole(input, "step"),
      digits: whole(input, "digits"),
    }),
  }),
};

function inHex(made: Readonly<Record<string, Buffer>>): Fields {
  return Object.fromEntries(Object.entries(made).map(([name, value]) => [name, hex(value)]));
}
