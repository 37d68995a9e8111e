// Every way in which a secret could be written down: as bytes, as hex, base64, numbers, lists, or escaped text.

/** Something that must stand nowhere. */
export interface Secret {
  /** For the findings: what it is, never its value. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Bytes that are a text, which JSON, URLs and UTF-16 spell differently; or digits, which are a number too. */
  readonly kind: "bytes" | "text" | "digits";
}

/** Shorter ones could stand anywhere by chance. */
export const FORM_BYTES_MIN = 6;

export const ofBytes = (name: string, bytes: Uint8Array): Secret => ({
  name,
  bytes,
  kind: "bytes",
});
export const ofHex = (name: string, hex: string): Secret => ofBytes(name, Buffer.from(hex, "hex"));
export const ofText = (name: string, text: string): Secret => ({
  name,
  bytes: Buffer.from(text),
  kind: "text",
});
export const ofDigits = (name: string, digits: string): Secret => ({
  name,
  bytes: Buffer.from(digits, "ascii"),
  kind: "digits",
});

/** The forms of a secret by their names. */
export function formsOf({ bytes, kind }: Secret): ReadonlyMap<string, Buffer> {
  const all = [...byteForms(Buffer.from(bytes))];
  if (kind !== "bytes") all.push(...textForms(Buffer.from(bytes).toString("utf8")));
  if (kind === "digits") all.push(...numberForms(Buffer.from(bytes).toString("ascii")));
  const told = all.filter(([, form]) => form.length >= FORM_BYTES_MIN);
  // Where two spellings are one, it is told once, by its first name.
  return new Map(told.filter(([, form], at) => at === told.findIndex(([, it]) => it.equals(form))));
}

type Form = readonly [name: string, form: Buffer];

const ascii = (name: string, text: string): Form => [name, Buffer.from(text, "ascii")];

function byteForms(bytes: Buffer): readonly Form[] {
  const reversed = Buffer.from(bytes).reverse();
  const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const indexed = [...bytes].map((byte, index) => `"${index}":${byte}`);
  return [
    ["raw", bytes],
    ["reversed", reversed],
    ascii("hex", pairs.join("")),
    ascii("HEX", pairs.join("").toUpperCase()),
    ascii("reversed hex", reversed.toString("hex")),
    ascii("reversed HEX", reversed.toString("hex").toUpperCase()),
    ascii("hex as Node prints it", pairs.join(" ")),
    ascii("hex as OpenSSL prints it", pairs.join(":")),
    ascii("a JSON list", [...bytes].join(",")),
    ascii("a printed list", [...bytes].join(", ")),
    ascii("a JSON object", indexed.join(",")),
    ascii("a decimal number", BigInt(`0x${pairs.join("")}`).toString()),
    ...base64Forms(bytes),
  ];
}

/** Wherever in a longer text it begins: of the characters, those that stand for it alone. */
function base64Forms(bytes: Buffer): readonly Form[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    return (["base64", "base64url"] as const).map((alphabet) =>
      ascii(`${alphabet} at ${before}`, whole.toString(alphabet).slice(from, to)),
    );
  });
}

function textForms(text: string): readonly Form[] {
  const units = [...Array(text.length).keys()].map((at) => text.charCodeAt(at).toString(16));
  return [
    ["JSON", Buffer.from(JSON.stringify(text).slice(1, -1))],
    ["JSON in JSON", Buffer.from(JSON.stringify(JSON.stringify(text)).slice(3, -3))],
    ascii("JSON in ASCII", units.map((unit) => `\\u${unit.padStart(4, "0")}`).join("")),
    ascii("in a URL", encodeURIComponent(text)),
    ["UTF-16", Buffer.from(text, "utf16le")],
    ["Latin-1", Buffer.from(text, "latin1")],
  ];
}

function numberForms(digits: string): readonly Form[] {
  const number = Buffer.alloc(8);
  number.writeBigUInt64BE(BigInt(digits));
  const significant = number.subarray(number.findIndex((byte) => byte !== 0));
  const groups = digits.match(/.{1,4}/g) ?? [];
  return [
    ["packed digits", Buffer.from(digits, "hex")],
    ...base64Forms(Buffer.from(digits, "hex")).map(
      ([name, form]): Form => [`packed ${name}`, form],
    ),
    ["an integer", significant],
    ["a reversed integer", Buffer.from(significant).reverse()],
    ascii("a hex number", BigInt(digits).toString(16)),
    ascii("digits in fours", groups.join(" ")),
    ascii("digits in fours by dashes", groups.join("-")),
  ];
}
