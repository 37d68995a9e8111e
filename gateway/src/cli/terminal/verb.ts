// What each verb of `pass-tpe terminal` is made of, and how its numbers are read.

import { quoted, UsageError } from "../command.js";
import type { GatewayClient } from "../settlement/gateway-client.js";

/** The options of all verbs; which are whose, each says itself. */
export interface Values {
  readonly json: boolean;
  readonly "point-of-sale"?: string | undefined;
  readonly "valid-minutes"?: string | undefined;
  readonly partner?: string | undefined;
  readonly "amount-cents"?: string | undefined;
  readonly quantity?: string | undefined;
  readonly automatic?: boolean | undefined;
  readonly "refund-id"?: string | undefined;
}

export interface Verb {
  /** How many words follow it at most. */
  readonly words: number;
  readonly options: readonly (keyof Values)[];
  /** Checks what was typed before anything is asked. @throws UsageError. */
  prepare(
    words: readonly string[],
    values: Values,
  ): {
    /** @returns the exit code. */
    readonly ask: (client: GatewayClient) => Promise<number>;
    /** How to ask the same again, where the same command line is not enough. */
    readonly again?: string | undefined;
  };
}

/** A whole number above zero. @throws UsageError that names the option. */
export function wholeOf(text: string, name: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${name} must be a whole number above zero, not ${quoted(text)}`);
}
