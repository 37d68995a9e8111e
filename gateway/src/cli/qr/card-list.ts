// The card numbers that codes are made for: from a file with one a line, or from the command line.

import { readFileSync, statSync } from "node:fs";
import { isCardNumber } from "@pass-tpe/protocol/standards";
import { reasonOf, UsageError } from "../command.js";

/** More than twice the cards that there are. */
const CARDS_MAX = 1_000_000;
/** A number, spaces between its groups and a line end, for each of them. */
const FILE_BYTES_MAX = CARDS_MAX * 24;

/**
 * The numbers in their order. Spaces within a number and empty lines are left out.
 *
 * @throws UsageError that names the first wrong line, never what stands in it.
 */
export function cardsFrom(given: {
  readonly file: string | undefined;
  readonly numbers: readonly string[];
}): readonly string[] {
  const { file, numbers } = given;
  if ((file === undefined) === (numbers.length === 0)) {
    throw new UsageError("either --cards FILE or --card N is needed");
  }
  const lines = file === undefined ? numbers : linesOf(file);
  const cards: string[] = [];
  lines.forEach((line, index) => {
    const number = line.replace(/\s/g, "");
    if (number === "") return;
    if (!isCardNumber(number)) throw noCardNumber(file, index);
    cards.push(number);
  });
  if (cards.length === 0) throw new UsageError(`there is no card number in ${file ?? "--card"}`);
  if (cards.length > CARDS_MAX) throw new UsageError(`at most ${CARDS_MAX} cards at once`);
  return cards;
}

function noCardNumber(file: string | undefined, index: number): UsageError {
  const where =
    file === undefined ? `--card (number ${index + 1})` : `line ${index + 1} of ${file}`;
  return new UsageError(
    `${where} is no card number: it has 16 digits, the last of which is their check digit`,
  );
}

function linesOf(path: string): readonly string[] {
  try {
    if (statSync(path).size > FILE_BYTES_MAX)
      throw new Error(`it is above ${FILE_BYTES_MAX} bytes`);
    return readFileSync(path, "utf8").split("\n");
  } catch (error) {
    throw new UsageError(`--cards cannot be read: ${reasonOf(error)}`);
  }
}
