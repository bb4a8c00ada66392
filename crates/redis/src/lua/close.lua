-- Closes a quota for so long, as a response has said.
-- KEYS: the quota. ARGV: microseconds for which the vendor throttles, and for which nothing is left; -1 where the
-- response said nothing; how long this is kept, in ms; the channel on which all replicas hear of it.
-- Returns for how many microseconds the quota is closed now.
local now = clock()
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', KEYS[1])
end
local found = kind == 'hash' and redis.call('HMGET', KEYS[1], 'throttled', 'spent', 'seen', 'used') or {}
local back = math.max((whole(found[3]) or 0) - now, 0)
local throttled = math.max(closing(found[1], back, now), now + tonumber(ARGV[1]))
local spent = tonumber(ARGV[2]) < 0 and closing(found[2], back, now) or now + tonumber(ARGV[2])
redis.call('HSET', KEYS[1], 'throttled', text(throttled), 'spent', text(spent), 'seen', text(now))
if back > 0 and whole(found[4]) then
    -- All of them are of one clock.
    redis.call('HSET', KEYS[1], 'used', text(math.max(whole(found[4]) - back, 0)))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local closed = math.max(throttled, spent, now) - now
-- Where the user may not publish, the others hear of it with their next turn.
redis.pcall('PUBLISH', ARGV[4], text(closed))
return closed
