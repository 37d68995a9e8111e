// An opening code is read out and typed again, however somebody groups it or takes one letter for another.

import { expect, it } from "vitest";
import { drawOpeningCode, plainOpeningCode } from "./opening-code.js";

it("is four groups of four, and the same code in any spelling", () => {
  const bytes = Buffer.from("0044214250C7426BAB60", "hex");
  const code = drawOpeningCode({ bytes: () => bytes });
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  const plain = plainOpeningCode(code);
  expect(plain).toHaveLength(16);
  const typed = code.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
  expect(plainOpeningCode(typed)).toBe(plain);
  expect(plainOpeningCode(`${code.slice(0, -1)}${code.endsWith("Z") ? "Y" : "Z"}`)).not.toBe(plain);
});

it("is another where other bytes are drawn", () => {
  const codeOf = (byte: number) => drawOpeningCode({ bytes: (count) => Buffer.alloc(count, byte) });
  expect(codeOf(1)).not.toBe(codeOf(2));
});
