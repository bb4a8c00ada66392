-- Runs each command that the other scripts run: a user who may not is told so when the service starts.
-- KEYS: what is written for it, and deleted.
clock()
-- First: a full server refuses a script's first write alone, and it would take a DEL.
redis.call('SET', KEYS[1], '1', 'PX', 1000)
redis.call('GET', KEYS[1])
redis.call('PTTL', KEYS[1])
redis.call('TYPE', KEYS[1])
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'checked', '1')
redis.call('HGET', KEYS[1], 'checked')
redis.call('HMGET', KEYS[1], 'checked')
redis.call('PEXPIRE', KEYS[1], 1000)
redis.call('DEL', KEYS[1])
return 1
