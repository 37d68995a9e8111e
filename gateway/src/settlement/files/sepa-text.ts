// The characters and lengths of text in a SEPA payment: every bank of the area can carry these and no others.

/** Basic Latin as the EPC's implementation guidelines list it (EPC132-08, 1.4): all others may be lost on the way. */
const SEPA_CHARACTERS = /^[A-Za-z0-9/?:().,'+ -]*$/;
const NOT_SEPA = /[^A-Za-z0-9/?:().,'+ -]/gu;

const REFERENCE_LENGTH_MAX = 35;

/** Letters that do not come apart into a base and its accents. */
const LETTERS: Readonly<Record<string, string>> = {
  Æ: "AE",
  æ: "ae",
  Œ: "OE",
  œ: "oe",
  ß: "ss",
  ẞ: "SS",
  Ø: "O",
  ø: "o",
  Đ: "D",
  đ: "d",
  Ð: "D",
  ð: "d",
  Þ: "TH",
  þ: "th",
  Ł: "L",
  ł: "l",
  ı: "i",
};

/** Signs that have a neighbour in the set which people read alike. */
const SIGNS: Readonly<Record<string, string>> = {
  "&": "+",
  "’": "'",
  "‘": "'",
  "`": "'",
  "´": "'",
  "“": "'",
  "”": "'",
  "«": "'",
  "»": "'",
  '"': "'",
  "–": "-",
  "—": "-",
  "‑": "-",
  _: "-",
  "[": "(",
  "]": ")",
  "{": "(",
  "}": ")",
  ";": ",",
  "€": "E",
};

/**
 * Text in the SEPA character set, no longer than asked: accents are taken off, what has no likeness becomes a full
 * stop, so that nothing vanishes without a trace.
 */
export function sepaText(text: string, lengthMax: number): string {
  return text
    .replace(/\s+/gu, " ")
    .trim()
    .normalize("NFD")
    .replace(/(\p{L})\p{M}+/gu, "$1")
    .replace(NOT_SEPA, (sign) => LETTERS[sign] ?? SIGNS[sign] ?? ".")
    .slice(0, lengthMax)
    .trimEnd();
}

export function isSepaText(text: string): boolean {
  return SEPA_CHARACTERS.test(text);
}

/** A reference of the message: 1 to 35 characters, and no slash at an end or beside another (EPC132-08, 1.4). */
export function isSepaReference(text: string): boolean {
  const lengthFits = text.length >= 1 && text.length <= REFERENCE_LENGTH_MAX;
  return lengthFits && isSepaText(text) && !/^\/|\/$|\/\//.test(text);
}
