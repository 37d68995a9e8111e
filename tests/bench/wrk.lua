-- For wrk: sends prepared requests in their order, each once or again and again, and counts what is approved.
-- wrk stops in the middle of requests; here each connection asks for /bench/hold at its end, which is never answered,
-- so that no sale is under way when the last of them does, and the caller interrupts wrk then.
local ffi = require("ffi")
ffi.cdef([[
typedef struct { long seconds; long nanoseconds; } bench_time;
int clock_gettime(int clock, bench_time *time);
]])

local MONOTONIC = 1
local HOLD = "GET /bench/hold HTTP/1.1\r\nHost: localhost\r\n\r\n"
local RUN_MS = tonumber(os.getenv("BENCH_RUN_MS"))
local CONNECTIONS = tonumber(os.getenv("BENCH_CONNECTIONS"))
local IS_REPEATED = os.getenv("BENCH_REPEATED") == "true"

-- Global, because `done` runs in another state and asks for them by name.
sent, answers, approved, approved_cents, held, elapsed_ms = 0, 0, 0, 0, 0, 0
other = ""

local time = ffi.new("bench_time")
local requests = {}
local started_ms
local is_checked = false

local function now_ms()
  ffi.C.clock_gettime(MONOTONIC, time)
  return tonumber(time.seconds) * 1e3 + tonumber(time.nanoseconds) / 1e6
end

local threads = {}
function setup(thread)
  table.insert(threads, thread)
end

function init()
  local file = assert(io.open(os.getenv("BENCH_REQUESTS"), "rb"))
  for one in file:read("*a"):gmatch("[^%z]+") do
    table.insert(requests, one)
  end
  file:close()
end

function request()
  -- wrk asks once before it starts, to look at what it gets.
  if not is_checked then
    is_checked = true
    return requests[1]
  end
  local now = now_ms()
  started_ms = started_ms or now
  if now - started_ms >= RUN_MS or (sent >= #requests and not IS_REPEATED) then
    held = held + 1
    if held == CONNECTIONS then
      elapsed_ms = now - started_ms
      io.stderr:write("answered\n")
    end
    return HOLD
  end
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end

function response(status, _, body)
  answers = answers + 1
  if status ~= 200 then
    other = status .. " " .. body
  elseif body:find('"outcome":"approved"', 1, true) then
    approved = approved + 1
    approved_cents = approved_cents + tonumber(body:match('"amountCents":(%d+)'))
  end
end

function done(summary, latency)
  local thread = threads[1]
  local counts = {}
  for index = 1, #latency do
    local micros, count = latency(index)
    table.insert(counts, string.format("[%d,%d]", micros, count))
  end
  local errors = summary.errors
  local pace = math.floor(summary.duration / math.max(1, math.floor(summary.requests / CONNECTIONS)))
  local failed = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format(
    '\nBENCH {"sent":%d,"answers":%d,"approved":%d,"approvedCents":%d,"elapsedMs":%.3f,"failed":%d,"paceMicros":%d,"histogram":[%s]}\n',
    thread:get("sent"), thread:get("answers"), thread:get("approved"), thread:get("approved_cents"),
    thread:get("elapsed_ms"), failed, pace, table.concat(counts, ",")))
  io.write("OTHER ", thread:get("other"), "\n")
end
