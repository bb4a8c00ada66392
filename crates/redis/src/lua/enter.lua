-- Yields the shared token, or the lease under which one caller replaces it, or how long that lease still holds.
-- KEYS: the token, its lease.
-- ARGV: the format; the caller's random id; the lease and the longest lease in ms; the write that the caller had;
-- how long an unused token is kept, in ms.
local now = clock()
local kind = redis.call('TYPE', KEYS[1]).ok
local found = {}
if kind == 'hash' then
    found = redis.call('HMGET', KEYS[1], 'format', 'written', 'due', 'sealed', 'fence')
end
local due = whole(found[3])
if found[1] == ARGV[1] and whole(found[2]) and found[2] ~= ARGV[5] and found[4] and due and now < due then
    return {2, 0, now, found[2], found[4]}
end
local holder = redis.pcall('GET', KEYS[2])
local left = redis.call('PTTL', KEYS[2])
-- A lease without an end, or with one too far away, isn't one of ours: the server's clock was set back.
if holder ~= ARGV[2] and left > 0 and left <= tonumber(ARGV[4]) then
    return {0, left, now, '', ''}
end
local is_foreign = kind ~= 'none' and (found[1] or found[5] and ARGV[1]) ~= ARGV[1]
-- Later than any before, also than those that the server has lost.
local fence = text(math.max((whole(found[5]) or 0) + 1, now))
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if kind ~= 'hash' and kind ~= 'none' then
    redis.call('DEL', KEYS[1])
end
redis.call('HSET', KEYS[1], 'fence', fence)
redis.call('PEXPIRE', KEYS[1], ARGV[6])
return {1, is_foreign and 1 or 0, now, fence, ''}
