// Runs the store contract on every driver: in memory, and SQLite on a real file.

import { memoryDriver } from "../../gateway/src/store/memory/driver.js";
import { sqliteDriver } from "../../gateway/src/store/sqlite/driver.js";
import { tempFiles } from "../support/temp-folder.js";
import { describeStore } from "./store-contract.js";

const newFile = tempFiles();

describeStore("memory", memoryDriver);
describeStore("SQLite", () => sqliteDriver(newFile()));
