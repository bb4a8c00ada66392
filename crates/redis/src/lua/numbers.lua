-- Stands before each script.
-- A number of whole microseconds; none where a stranger wrote something else.
local function whole(text)
    return text and #text <= 16 and string.match(text, '^%d+$') and tonumber(text)
end
-- A number as it is stored.
local function text(number)
    return string.format('%.0f', number)
end
local DAY = 86400000000
-- Until when a quota is closed that was written down by a clock which was ahead of this one by `back`. A time that is
-- too far away isn't one of ours.
local function closing(text, back, now)
    local time = (whole(text) or 0) - back
    return time > now + DAY and 0 or time
end
-- The server's clock, in microseconds.
local function clock()
    local time = redis.call('TIME')
    return tonumber(time[1]) * 1000000 + tonumber(time[2])
end
