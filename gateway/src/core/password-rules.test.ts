// A password is long, is not on the card, is not what everybody chooses, and is more than one key or a row of keys.

import { describe, expect, it } from "vitest";
import { type PasswordFault, passwordFault } from "./password-rules.js";

const DOSSIER = "ARA-123456";

describe("a password", () => {
  it.each<[PasswordFault, string]>([
    ["short", "onze signes"],
    ["short", "é".normalize("NFD").repeat(6)],
    ["long", "a phrase ".repeat(15)],
    ["dossier", "mon ara-123456 !"],
    ["repeat", "aaaaaaaaaaaaaa"],
    ["run", "abcdefghijklmn"],
    ["run", "123456789012"],
    ["run", "210987654321"],
    ["common", "motdepasse12"],
    ["common", "Mon Mot de Passe !"],
    ["common", "M0td3P@$$3-2007"],
    ["common", "azertyuiop69"],
    ["common", "Pass'Région2022"],
    ["common", "passregion69!"],
    ["common", "Camille12345"],
    ["common", "je t’aime maman"],
  ])("is refused as %s: %s", (fault, password) => {
    expect(passwordFault(password, DOSSIER)).toBe(fault);
  });

  it.each([
    "douze signes",
    "correct cheval pile",
    "x".repeat(127).concat("y"),
    "camille-29-03-2007",
    "😀🙂".repeat(6),
  ])("may be %s", (password) => {
    expect(passwordFault(password, DOSSIER)).toBeNull();
  });
});
