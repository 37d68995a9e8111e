// @ts-check
// A server that answers before its write is durable: the wrong that the trace tests must be able to see.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const [, , databasePath = "", synchronous = "OFF"] = process.argv;
/** The database driver is the gateway's dependency. */
const load = createRequire(new URL("../../gateway/package.json", import.meta.url));
const Database = load("better-sqlite3");

const db = new Database(databasePath);
db.pragma("journal_mode = WAL");
db.pragma(`synchronous = ${synchronous}`);
db.exec("CREATE TABLE sales (id INTEGER PRIMARY KEY)");
const sell = db.prepare("INSERT INTO sales DEFAULT VALUES");

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    sell.run();
    response.end("sold");
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : null;
  process.stdout.write(
    `${JSON.stringify({ serving: `http://127.0.0.1:${port}`, pid: process.pid })}\n`,
  );
});
