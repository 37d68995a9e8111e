/** Holds the search for a PIN to what it must see and what it must not take for one. */
import { expect, it } from "vitest";
import { showsPin } from "./shows-pin.js";

it.each(["PIN was 1470", "1470", '{"pin":"1470"}', '{"pin":1470,"x":1}', "typed=1470;"])(
  "sees the PIN in %s",
  (text) => expect(showsPin(text, "1470")).toBe(true),
);

it.each([
  '{"atMs":1795461470241}',
  '{"pinMs":0.1470}',
  '{"totalMs":12.8214705}',
  '{"id":"0193a7c2-1470-7c3e-9a5b-3c8814701111"}',
])("sees none in %s", (text) => expect(showsPin(text, "1470")).toBe(false));
