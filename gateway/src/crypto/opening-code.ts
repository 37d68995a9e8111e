// The code that opens a holder's account: one use, a few days, 80 random bits, spelled so that it can be read out.

import { ACTIVATION_SECRET_BYTES, activationSecret } from "@pass-tpe/protocol/standards";
import type { Random } from "../core/ports.js";

const GROUP = /.{4}(?!$)/g;

/** A new code in four groups of four characters. Of one spelling with the secret of a terminal's activation code. */
export function drawOpeningCode(random: Random): string {
  return activationSecret(random.bytes(ACTIVATION_SECRET_BYTES)).replace(GROUP, "$&-");
}

/** A code as somebody typed it in the one spelling of which a digest is kept. What is no code stays none. */
export function plainOpeningCode(typed: string): string {
  const characters = typed.toUpperCase().replace(/[\s-]/g, "");
  return characters.replace(/O/g, "0").replace(/[IL]/g, "1");
}
