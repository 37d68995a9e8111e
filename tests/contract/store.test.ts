// Runs the store contract on every kind of driver.

import { describeDrivers } from "../support/drivers.js";
import { describeStore } from "./store-contract.js";

describeDrivers((name) => `the ${name} store`, describeStore);
