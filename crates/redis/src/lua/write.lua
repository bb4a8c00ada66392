-- Writes a token, if no lease is newer than the one that it was fetched under, and frees that lease.
-- KEYS: the token, its lease.
-- ARGV: the format, the caller's random id, its fencing token, when the token is due, the sealed token; how long an
-- unused token is kept, in ms.
local is_newest = redis.call('TYPE', KEYS[1]).ok == 'hash' and redis.call('HGET', KEYS[1], 'fence') == ARGV[3]
if is_newest then
    redis.call('HSET', KEYS[1], 'format', ARGV[1], 'written', ARGV[3], 'due', ARGV[4], 'sealed', ARGV[5])
    redis.call('PEXPIRE', KEYS[1], ARGV[6])
end
if redis.pcall('GET', KEYS[2]) == ARGV[2] then
    redis.call('DEL', KEYS[2])
end
return is_newest and 1 or 0
