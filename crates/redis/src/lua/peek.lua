-- Which write the shared token is of, while it isn't due.
-- KEYS: the token. ARGV: the format.
local now = clock()
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then
    return ''
end
local found = redis.call('HMGET', KEYS[1], 'format', 'written', 'due')
local due = whole(found[3])
return found[1] == ARGV[1] and whole(found[2]) and due and now < due and found[2] or ''
