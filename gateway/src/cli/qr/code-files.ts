// The files of codes in a folder: whoever holds one holds a code, so they are their owner's alone and never written over.

import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lastFour } from "@pass-tpe/protocol/standards";
import { reasonOf, UsageError } from "../command.js";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** The least digits of a position in a file's name. */
const POSITION_DIGITS_MIN = 4;

/** Names a code's files: its position in the list and the card's last four digits, and never the whole number. */
export function namesIn(
  folder: string,
  cards: number,
): (position: number, card: string) => { readonly text: string; readonly picture: string } {
  const digits = Math.max(POSITION_DIGITS_MIN, String(cards).length);
  return (position, card) => {
    const name = join(folder, `${String(position).padStart(digits, "0")}-${lastFour(card)}`);
    return { text: `${name}.txt`, picture: `${name}.png` };
  };
}

/** Makes the folder where it is missing. @throws UsageError when that fails. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  } catch (error) {
    throw new UsageError(`${path} cannot be made: ${reasonOf(error)}`);
  }
}

/**
 * Writes a file that is not there yet, all of it or nothing: a run that was cut short may be given again. One with the
 * same content stays.
 *
 * @throws UsageError when another stands there, or the disk does not take it.
 */
export function writeNew(path: string, content: string | Buffer): void {
  const bytes = Buffer.from(content);
  try {
    if (!existsSync(path)) {
      writeWhole(path, bytes);
      return;
    }
    if (readFileSync(path).equals(bytes)) return;
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${reasonOf(error)}`);
  }
  throw new UsageError(
    `${path} is there already with other content: move it away, or name another folder with --out`,
  );
}

/** Under another name first, which is then linked: unlike a renaming, that writes nothing over. */
function writeWhole(path: string, bytes: Buffer): void {
  const part = `${path}.part`;
  // What a run that was killed has left.
  rmSync(part, { force: true });
  try {
    writeFileSync(part, bytes, { flag: "wx", mode: OWNER_ONLY_FILE });
    linkSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}
