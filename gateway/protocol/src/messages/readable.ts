// How answers stay readable to a terminal that is older than the gateway.

import { z } from "zod";

/**
 * A part of an answer that helps, and that a till can do without: where it cannot be read, it is as if it were not
 * there. Never for what says whether, or how much, money moved.
 */
export function helpful<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

/** One of the words that this version knows, or one that a later version has added. */
export function wordOf<const T extends readonly [string, ...string[]]>(known: T) {
  return z.union([z.enum(known), z.string()]).describe("Later versions may add values.");
}
