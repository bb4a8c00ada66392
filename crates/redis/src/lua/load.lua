-- Reads a refresh token, and gives the server back what it has lost of what the caller knows.
-- KEYS: the token, what is written to see whether that is possible. ARGV: the format; the version and the sealed token that the caller knows.
-- Returns 0 for none, 1 for a token, 2 for what isn't ours; the version; the sealed token, empty after a sign-out.
local kind = redis.call('TYPE', KEYS[1]).ok
local version, sealed = '0', ''
if kind == 'hash' then
    local found = redis.call('HMGET', KEYS[1], 'format', 'version', 'sealed')
    if found[1] ~= ARGV[1] or not whole(found[2]) or not found[3] then
        return {2, '', ''}
    end
    version, sealed = found[2], found[3]
elseif kind ~= 'none' then
    return {2, '', ''}
end
-- A server that can't be written says so here, before the token is redeemed.
redis.call('SET', KEYS[2], '1', 'PX', 1000)
if (whole(ARGV[2]) or 0) > whole(version) then
    version, sealed = ARGV[2], ARGV[3]
    redis.call('HSET', KEYS[1], 'format', ARGV[1], 'version', version, 'sealed', sealed)
end
return {version == '0' and 0 or 1, version, sealed}
