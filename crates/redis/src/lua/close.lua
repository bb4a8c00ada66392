-- Closes a quota for so long, as a response has said.
-- KEYS: the quota. ARGV: microseconds for which the vendor throttles, and for which nothing is left; -1 where the
-- response said nothing; how long this is kept, in ms; the channel on which all replicas hear of it. Returns for how many microseconds the quota is closed now.
local now = clock()
local throttled, spent = tonumber(ARGV[1]), tonumber(ARGV[2])
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', KEYS[1])
end
local found = kind == 'hash' and redis.call('HMGET', KEYS[1], 'throttled', 'spent') or {}
throttled = math.max(whole(found[1]) or 0, now + throttled)
spent = spent < 0 and whole(found[2]) or now + spent
redis.call('HSET', KEYS[1], 'throttled', string.format('%.0f', throttled), 'spent', string.format('%.0f', spent))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local closed = math.max(throttled, spent, now) - now
-- Where the user may not publish, the others hear of it with their next turn.
redis.pcall('PUBLISH', ARGV[4], string.format('%.0f', closed))
return closed
