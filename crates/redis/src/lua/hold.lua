-- Holds a lease for so many ms from now, or frees it with 0. A lease that is another's by now is left alone.
-- KEYS: the lease. ARGV: the caller's random id, ms.
if redis.pcall('GET', KEYS[1]) ~= ARGV[1] then
    return 0
end
if tonumber(ARGV[2]) > 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
    redis.call('DEL', KEYS[1])
end
return 1
