-- Which write the shared token is of, while it isn't due.
-- KEYS: the token. ARGV: the format.
-- A number of whole microseconds; none where a stranger wrote something else.
local function whole(text)
    return text and #text <= 16 and string.match(text, '^%d+$') and tonumber(text)
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then
    return ''
end
local found = redis.call('HMGET', KEYS[1], 'format', 'written', 'due')
local due = whole(found[3])
return found[1] == ARGV[1] and whole(found[2]) and due and now < due and found[2] or ''
