// @ts-check
// Starts a server, tells where it is, and never stops it.
import { startTestServer } from "./test-server.mjs";

const { pid, socketPath } = await startTestServer();
console.log(JSON.stringify({ pid, socketPath }));
process.stdin.resume();
