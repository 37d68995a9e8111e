// A code secret that anybody would try first is refused, and so is each that the birth date makes.

import { describe, expect, it } from "vitest";
import { BIRTH_DAY_PINS_MAX, pinFault, pinsOfBirthDay } from "./pin-rules.js";

const EVERY_PIN = Array.from({ length: 10_000 }, (_, index) => String(index).padStart(4, "0"));
const never = () => false;

describe("a PIN", () => {
  it.each(["", "123", "12345", "12a4", " 1234", "１２３４", "-123"])(
    "%j is not four digits",
    (pin) => {
      expect(pinFault(pin, never)).toBe("form");
    },
  );

  it("of one repeated digit is refused", () => {
    const refused = EVERY_PIN.filter((pin) => pinFault(pin, never) === "repeat");
    expect(refused).toEqual(Array.from({ length: 10 }, (_, digit) => String(digit).repeat(4)));
  });

  it("of digits in a run is refused, up and down, through 9 and 0 too", () => {
    const refused = EVERY_PIN.filter((pin) => pinFault(pin, never) === "run");
    expect(refused).toHaveLength(20);
    expect(refused).toEqual(
      expect.arrayContaining(["0123", "1234", "6789", "7890", "9012", "4321", "0987", "1098"]),
    );
  });

  it("that is neither may be used, unless the birth date makes it", () => {
    expect(pinFault("2468", never)).toBeNull();
    expect(pinFault("2468", (pin) => pin === "2468")).toBe("birthDay");
    expect(pinFault("2469", (pin) => pin === "2468")).toBeNull();
  });
});

describe("a birth date", () => {
  it("makes day, month and year in every order", () => {
    expect(new Set(pinsOfBirthDay("2006-12-31"))).toEqual(
      new Set(["3112", "1231", "3106", "0631", "1206", "0612", "2006"]),
    );
  });

  it("makes day and month of one digit around the short year as well", () => {
    const pins = pinsOfBirthDay("2005-04-03");
    expect(pins).toHaveLength(BIRTH_DAY_PINS_MAX);
    expect(pins).toEqual(expect.arrayContaining(["0304", "0403", "2005", "3405", "0543"]));
  });

  it("makes each PIN once", () => {
    expect(pinsOfBirthDay("2006-06-06")).toEqual(["0606", "2006", "6606", "0666"]);
  });
});
