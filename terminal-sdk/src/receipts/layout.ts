// Lays out parts of a receipt on lines of a width: centred, left, or a label with its value at the right.

/** A part of a receipt; what does not fit on its line is broken. */
export type Part =
  | { readonly as: "centred" | "left"; readonly text: string }
  | { readonly as: "row"; readonly label: string; readonly value: string }
  | { readonly as: "rule" };

/** The characters that a printer has: plain French, or ASCII without accents. */
export type Charset = "french" | "ascii";

/** The lines, none wider than `width` characters, without blanks at their ends. */
export function layOut(
  parts: readonly Part[],
  options: { width: number; charset: Charset },
): string[] {
  const { width, charset } = options;
  return parts.flatMap((part) => linesOf(part, width, (text) => printable(text, charset)));
}

function linesOf(part: Part, width: number, clean: (text: string) => string): string[] {
  switch (part.as) {
    case "rule":
      return ["-".repeat(width)];
    case "left":
      return wrap(clean(part.text), width);
    case "centred":
      return wrap(clean(part.text), width).map((line) => indent(line, (width - size(line)) >> 1));
    case "row":
      return rowLines(clean(part.label), clean(part.value), width);
  }
}

/** On one line where both fit; otherwise the value follows at the right of lines of its own. */
function rowLines(label: string, value: string, width: number): string[] {
  const gap = width - size(label) - size(value);
  if (gap > 0) return [`${label}${" ".repeat(gap)}${value}`];
  const values = wrap(value, width).map((line) => indent(line, width - size(line)));
  return [...wrap(label, width), ...values];
}

/** Blanks at which French lets a line end: not inside « … », and not before the signs that have a blank of their own. */
const BREAK = /(?<!«) (?![»:;!?])/;

/** Breaks at blanks; a word that is too long at its last hyphen that fits, else where the line ends. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(BREAK).flatMap((one) => chunks(one, width))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (size(longer) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
  }
  return line === "" ? lines : [...lines, line];
}

function chunks(word: string, width: number): string[] {
  const letters = [...word];
  const parts: string[] = [];
  // Ends: each turn takes at least one letter away.
  while (letters.length > width) {
    const hyphen = letters.lastIndexOf("-", width - 1);
    parts.push(letters.splice(0, hyphen > 0 ? hyphen + 1 : width).join(""));
  }
  return [...parts, letters.join("")];
}

function indent(line: string, by: number): string {
  return `${" ".repeat(by)}${line}`;
}

/** In characters, as a printer of fixed width counts them. */
function size(text: string): number {
  return [...text].length;
}

/** Control characters could make a printer do anything; names come from data. */
const NOT_PRINTED = /[\p{C}\p{Z}]+/gu;

const ASCII_FOR: Readonly<Record<string, string>> = {
  œ: "oe",
  Œ: "OE",
  æ: "ae",
  Æ: "AE",
  "€": "EUR",
  "«": '"',
  "»": '"',
  "’": "'",
  "–": "-",
  "—": "-",
  "…": "...",
};

function printable(text: string, charset: Charset): string {
  const french = text.normalize("NFC").replace(NOT_PRINTED, " ").trim();
  if (charset === "french") return french;
  const plain = french.normalize("NFD").replace(/\p{M}/gu, "");
  return [...plain].map((letter) => ASCII_FOR[letter] ?? asciiOr(letter)).join("");
}

/** A letter that has no likeness in ASCII is printed as a question mark, so that no figure moves. */
function asciiOr(letter: string): string {
  return letter <= "~" ? letter : "?";
}
