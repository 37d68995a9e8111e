// Software cards, readers and a gateway double, for tests of tills that take the Pass'Région.

export * from "./card/index.js";
export * from "./gateway-double/index.js";
export * from "./readers/index.js";
export * from "./scenario.js";
