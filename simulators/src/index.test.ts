// Pins the public face of the simulators.

import { expect, it } from "vitest";
import * as simulators from "./index.js";

it("does not show how the virtual PC/SC reader is spoken to", () => {
  expect(Object.keys(simulators).filter((name) => /frame|BODY/i.test(name))).toEqual([]);
});
