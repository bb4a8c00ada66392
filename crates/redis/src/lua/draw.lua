-- Takes the next turn of a quota, by GCRA: the turn after it is one interval later, and an unused one is kept for as
-- long as the burst allows.
-- KEYS: the quota.
-- ARGV: the interval and the burst in microseconds; for how long the caller waits for its turn, and for how long while
-- the vendor throttles; what the caller knows: how far the quota is used up at least, for how long the vendor throttles
-- at least, and for how long nothing is left as its newest response said; how many microseconds of turns the caller
-- took without this server, and how many of these are past; how long a turn that is drawn ahead may be used, and how
-- many the caller wants; how long this is kept, in ms; which stretch without this server those turns are of, of which
-- only what is new counts.
-- Returns 0 for a turn, 1 for none since the vendor throttles, 2 for none in time; how long until then; how far the
-- quota is used up; for how long it is closed; how many turns were drawn ahead.
local now = clock()
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local kind = redis.call('TYPE', KEYS[1]).ok
local found = {}
if kind == 'hash' then
    found = redis.call('HMGET', KEYS[1], 'used', 'throttled', 'spent', 'seen', 'stretch', 'counted')
end
-- The server's clock may have been set back; one that was set ahead looks like a pause.
local back = math.max((whole(found[4]) or 0) - now, 0)
local used = (whole(found[1]) or 0) - back
-- What isn't known counts as used up: a server that lost its data must not grant a burst once more.
if not whole(found[1]) or used > now + burst + DAY then
    used = now + burst
end
local taken = tonumber(ARGV[8])
local counted = found[5] == ARGV[13] and whole(found[6]) or 0
used = math.max(used, now + tonumber(ARGV[5])) + math.max(taken - math.max(counted, tonumber(ARGV[9])), 0)
local throttled = math.max(closing(found[2], back, now), now + tonumber(ARGV[6]))
local spent = math.max(closing(found[3], back, now), now + tonumber(ARGV[7]))
local closed = math.max(throttled, spent)
local turn = math.max(now, used - burst, closed)
local status = 0
if closed > now and closed - now > tonumber(ARGV[4]) then
    status, turn = 1, closed
elseif turn - now > tonumber(ARGV[3]) then
    status = 2
else
    used = math.max(used, turn) + interval
end
local ahead = 0
if status == 0 and turn == now then
    -- As if they were all taken at their end: whenever they are used before, no stretch of time has too many.
    local start = math.max(used, now + tonumber(ARGV[10]))
    -- Most of what is free is left to the other replicas.
    local free = math.floor((now + burst + interval - start) / interval / 4)
    ahead = math.max(math.min(tonumber(ARGV[11]), free), 0)
    used = ahead > 0 and start + ahead * interval or used
end
if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'used', text(used), 'seen', text(now), 'throttled', text(throttled), 'spent', text(spent))
if taken > 0 then
    redis.call('HSET', KEYS[1], 'stretch', ARGV[13], 'counted', text(math.max(taken, counted)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[12])
return {status, turn - now, used - now, closed - now, ahead}
