-- Takes the lease: 0 where the caller has it, else for how many ms another one holds it at most.
-- KEYS: the lease. ARGV: the caller's random id; the lease and the longest lease in ms.
local holder = redis.pcall('GET', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if holder ~= ARGV[1] and left > 0 and left <= tonumber(ARGV[3]) then
    return left
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0
