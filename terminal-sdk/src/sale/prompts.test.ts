// Checks what the holder reads while a card or a PIN is waited for.

import { expect, it } from "vitest";
import { PROFILE } from "../test-kit/fixtures.js";
import { holderPrompts } from "./prompts.js";

it.each([
  { purchase: { avantage: "CINEMA", quantity: 3 }, line: "3 PLACES" },
  { purchase: { avantage: "CINEMA", quantity: 1 }, line: "1 PLACE" },
  { purchase: { avantage: "MUSEE", quantity: 3 }, line: "QUANTITE 3" },
  { purchase: { avantage: "SPECTACLE", purchaseCents: 1805 }, line: "18,05 EUR" },
  { purchase: {}, line: "" },
])("the prompts name $line", ({ purchase, line }) => {
  const prompts = holderPrompts({ purchase, profile: PROFILE });
  expect(prompts.card.display).toEqual(["PRESENTER LA CARTE", line]);
  expect(prompts.pin).toEqual(["TAPER LE CODE SECRET", line]);
});
