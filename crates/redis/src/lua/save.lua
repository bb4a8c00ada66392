-- Writes a refresh token over the version that the caller knows, and frees the caller's lease.
-- KEYS: the token, its lease.
-- ARGV: the format; the lease's random id; the version that may be written over, `any`, or `none`; the sealed token,
-- empty to sign out; the random id of this write.
-- Returns 0 where another version is there, 1 for written, 2 for what isn't ours; the version that is there.
local now = clock()
local kind = redis.call('TYPE', KEYS[1]).ok
local found = {}
if kind == 'hash' then
    found = redis.call('HMGET', KEYS[1], 'format', 'version', 'sealed', 'write')
    if found[1] ~= ARGV[1] or not whole(found[2]) or not found[3] then
        return {2, ''}
    end
elseif kind ~= 'none' then
    return {2, ''}
end
local version = whole(found[2]) or 0
local status = 1
if found[4] ~= ARGV[5] then
    local is_allowed = ARGV[3] == 'any' or (ARGV[3] == 'none' and (found[3] or '') == '')
    -- A server that has lost data has an older one, or none. A sign-out is newer than any token before it.
    if is_allowed or found[3] ~= '' and version <= (whole(ARGV[3]) or -1) then
        -- Later than any before, also than those that the server has lost.
        version = math.max(version + 1, (whole(ARGV[3]) or 0) + 1, now)
        redis.call(
            'HSET', KEYS[1], 'format', ARGV[1], 'version', text(version), 'sealed', ARGV[4],
            'write', ARGV[5]
        )
    else
        status = 0
    end
end
if redis.pcall('GET', KEYS[2]) == ARGV[2] then
    redis.call('DEL', KEYS[2])
end
return {status, text(version)}
