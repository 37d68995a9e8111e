import { expect, test } from "vitest";
import { xmlText } from "./xml-text.js";

const NAME = "<Nm>Café</Nm>";

test.each([
  ["without a declaration", NAME],
  ["with one", `<?xml version="1.0" encoding="UTF-8"?>${NAME}`],
  [
    "with one in small letters and single quotes",
    `<?xml version='1.0' encoding = 'utf-8'?>${NAME}`,
  ],
  ["with one that names no encoding", `<?xml version="1.0"?>${NAME}`],
])("UTF-8 is read %s", (_how, text) => {
  expect(xmlText(Buffer.from(text))).toBe(text);
});

test("a byte order mark is no part of the text", () => {
  expect(xmlText(Buffer.from(`\uFEFF${NAME}`))).toBe(NAME);
});

test.each([
  ["Latin-1", Buffer.from(NAME, "latin1")],
  ["UTF-16", Buffer.from(`\uFEFF${NAME}`, "utf16le")],
  ["what says it is Latin-1", Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${NAME}`)],
])("%s is not read", (_what, bytes) => {
  expect(xmlText(bytes)).toBeNull();
});
