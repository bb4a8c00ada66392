-- Stands before each script.
-- A number of whole microseconds; none where a stranger wrote something else.
local function whole(text)
    return text and #text <= 16 and string.match(text, '^%d+$') and tonumber(text)
end
-- The server's clock, in microseconds.
local function clock()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
