// Looks for many secrets in all their forms at once, wherever something was written down.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { formsOf, type Secret } from "./forms.js";

/** Where something was written down: a file, a log, one answer. */
export interface Place {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Finding {
  readonly secret: string;
  readonly form: string;
  readonly place: string;
}

interface Wanted extends Omit<Finding, "place"> {
  readonly bytes: Buffer;
}

/** Forms are told apart by their first bytes, so that a place is walked through once, however many there are. */
const PREFIX_BYTES = 4;

/** Builds the search. What it finds in a place it tells once. */
export function createSearch(secrets: readonly Secret[]): (place: Place) => readonly Finding[] {
  const byPrefix = new Map<number, Wanted[]>();
  const firstTwo = new Uint8Array(0x1_0000);
  for (const secret of secrets) {
    for (const [form, bytes] of formsOf(secret)) {
      const prefix = bytes.readUInt32BE(0);
      const wanted = { secret: secret.name, form, bytes };
      byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), wanted]);
      firstTwo[prefix >>> 16] = 1;
    }
  }
  return ({ name: place, bytes }) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found = new Set<Wanted>();
    for (let at = 0; at + PREFIX_BYTES <= text.length; at += 1) {
      if (firstTwo[text.readUInt16BE(at)] === 0) continue;
      for (const wanted of byPrefix.get(text.readUInt32BE(at)) ?? []) {
        const end = at + wanted.bytes.length;
        if (end <= text.length && wanted.bytes.equals(text.subarray(at, end))) found.add(wanted);
      }
    }
    return [...found].map(({ secret, form }) => ({ secret, form, place }));
  };
}

export const textPlace = (name: string, text: string): Place => ({
  name,
  bytes: Buffer.from(text),
});

/** Every file of a folder and of those in it, as its bytes stand on the disk now. */
export function placesIn(folder: string, name: string): readonly Place[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    return statSync(path).isDirectory()
      ? placesIn(path, `${name}/${entry}`)
      : [{ name: `${name}/${entry}`, bytes: readFileSync(path) }];
  });
}
