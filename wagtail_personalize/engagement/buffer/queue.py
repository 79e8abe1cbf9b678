"""Beacons wait in a list in Redis. One round trip puts one in: it counts the person's minute, looks whether there is
room, and appends.

A batch is claimed: moved to a list of its own, with what became of the beacons that are not in it, under a lease. Who
stored it acknowledges it. When a worker dies, its lease runs out and another one takes the same batch over, under the
same name; the database knows whether that batch is stored already. So nothing is lost and nothing is stored twice.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.core.cache import caches

from wagtail_personalize.conf import get_settings

from ..beacon.limits import PER_MINUTE
from ..beacon.reading import SECONDS_LATE, Beacon, read_beacon, token_in
from ..beacon.tokens import person_of
from ..counting.balances import Outcome
from .wire import Script

#: So long a worker may take for one batch.
LEASE_SECONDS = 120
#: Beyond what is allowed there is so much room for what is no heartbeat.
_RESERVE = 1.25
_PREFIX = "wagtail_personalize:engagement:"

_PUSH = """
local count = redis.call('INCR', KEYS[2])
if count == 1 then redis.call('EXPIRE', KEYS[2], 60) end
if count > tonumber(ARGV[2]) then return 1 end
if redis.call('LLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 2 end
redis.call('RPUSH', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 0
"""
_PUSH_LIGHT = """
local fits = tonumber(ARGV[2]) > 0 and redis.call('LLEN', KEYS[1]) < tonumber(ARGV[4])
local dropped = tonumber(ARGV[3])
if fits then
    redis.call('RPUSH', KEYS[1], ARGV[1])
else
    dropped = dropped + tonumber(ARGV[2])
end
if dropped > 0 then redis.call('HINCRBY', KEYS[2], 'dropped', dropped) end
return fits and 0 or 2
"""
_CLAIM = """
local items = redis.call('LRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1)
local lost = redis.call('EXISTS', KEYS[2]) == 1
if #items == 0 and not lost then return 0 end
for _, item in ipairs(items) do redis.call('RPUSH', KEYS[3] .. ':items', item) end
redis.call('LTRIM', KEYS[1], #items, -1)
if lost then redis.call('RENAME', KEYS[2], KEYS[3] .. ':lost') end
redis.call('SADD', KEYS[4], ARGV[1])
redis.call('SET', KEYS[3] .. ':lease', 1, 'EX', ARGV[3])
return 1
"""


#: What the script answers.
_TOO_MANY, _CROWDED = 1, 2


class Batch(NamedTuple):
    """Some beacons, each with the time when it was received, and what became of those that are not among them."""

    name: UUID
    beacons: list[tuple[float, bytes]]
    lost: Outcome


class RedisQueue:
    """The buffer. What a browser or a person waits for says ``None`` or false while Redis is away; the rest raises."""

    def __init__(self, redis: Any) -> None:
        self.redis = redis
        self._push_script = Script(redis.connection_pool, _PUSH)
        self._scripts: dict[str, Callable] = {}

    def push(self, body: bytes, received: float) -> bool:
        """Put a beacon in, or count what became of it; false when the database has to do.

        Its events are looked at only by who stores them, unless there are too many.
        """
        person = person_of(token_in(body))
        if person is None:
            return self.lose(Outcome(rejected=1))
        most = get_settings().ENGAGEMENT_BUFFER_MOST
        prefix = _PREFIX.encode()
        keys = [prefix + b"queue", prefix + b"minute:" + person]
        arguments = [_item(received, body), b"%d" % PER_MINUTE, b"%d" % most, b"%d" % SECONDS_LATE]
        try:
            answer = self._push_script.run(keys, arguments)
            return not answer or self._refused(answer, body, received, most)
        except (OSError, *self.faults):
            return False

    def _refused(self, answer: int, body: bytes, received: float, most: int) -> bool:
        beacon = read_beacon(body, received)
        if beacon is None or answer == _TOO_MANY:
            return self.lose(Outcome(rejected=len(beacon.entries) if beacon else 1))
        self._push_light(beacon, received, most)
        return True

    def _push_light(self, beacon: Beacon, received: float, most: int) -> None:
        """When it is crowded, heartbeats are dropped first."""
        light = beacon.without_heartbeats()
        dropped = len(beacon.entries) - len(light.entries)
        arguments = [_item(received, light.as_sent()), len(light.entries), dropped, int(most * _RESERVE)]
        self._run(_PUSH_LIGHT, [_key("queue"), _key("lost")], arguments)

    def lose(self, outcome: Outcome) -> bool:
        """Count events that were not put in."""
        try:
            with self.redis.pipeline(transaction=True) as pipeline:
                for name in ("rejected", "dropped"):
                    if number := getattr(outcome, name):
                        pipeline.hincrby(_key("lost"), name, number)
                pipeline.execute()
        except self.faults:
            return False
        return True

    def claim(self, most: int) -> Batch | None:
        """The batch of a worker that died, else the next one; ``None`` when nothing waits."""
        for name in self.redis.smembers(_key("claims")):
            name = UUID(name.decode())
            if self.redis.set(_key(name, "lease"), 1, nx=True, ex=LEASE_SECONDS):
                return self._read(name)
        name = uuid4()
        keys = [_key("queue"), _key("lost"), _key(name), _key("claims")]
        return self._read(name) if self._run(_CLAIM, keys, [str(name), most, LEASE_SECONDS]) else None

    def _read(self, name: UUID) -> Batch:
        items = self.redis.lrange(_key(name, "items"), 0, -1)
        lost = {key.decode(): int(number) for key, number in self.redis.hgetall(_key(name, "lost")).items()}
        return Batch(name, [_read_item(item) for item in items], Outcome(**lost))

    def acknowledge(self, batch: Batch) -> None:
        """It is stored."""
        with self.redis.pipeline(transaction=True) as pipeline:
            pipeline.srem(_key("claims"), str(batch.name))
            pipeline.delete(*(_key(batch.name, part) for part in ("items", "lost", "lease")))
            pipeline.execute()

    def release(self, batch: Batch) -> None:
        """It could not be stored; somebody may try again at once."""
        self.redis.delete(_key(batch.name, "lease"))

    def resume(self, person: Any, since: float) -> None:
        """Somebody took an objection back: what they did before ``since`` stays uncounted, also if it still waits."""
        try:
            self.redis.set(_key("since", person), since, ex=SECONDS_LATE)
        except self.faults:
            return

    def resumed(self, people: list[str]) -> dict[str, float]:
        """Since when those of these people are counted who took an objection back."""
        if not people:
            return {}
        found = self.redis.mget([_key("since", person) for person in people])
        return {person: float(since) for person, since in zip(people, found, strict=True) if since is not None}

    def __len__(self) -> int:
        """How many beacons wait."""
        return self.redis.llen(_key("queue"))

    def _run(self, script: str, keys: list[str], arguments: list[Any]) -> int:
        if script not in self._scripts:
            self._scripts[script] = self.redis.register_script(script)
        return self._scripts[script](keys=keys, args=arguments)

    @property
    def faults(self) -> tuple[type[Exception], ...]:
        """What may be raised while Redis is away."""
        from redis.exceptions import RedisError

        return (RedisError,)


def queue() -> RedisQueue | None:
    """The buffer that ``ENGAGEMENT_BUFFER`` names, if it names one."""
    name = get_settings().ENGAGEMENT_BUFFER
    return _connected(name) if name else None


@cache
def _connected(name: str) -> RedisQueue:
    if "://" not in name:
        return RedisQueue(caches[name]._cache.get_client(None, write=True))
    from redis import Redis

    return RedisQueue(Redis.from_url(name, socket_timeout=1, socket_connect_timeout=0.2))


def _key(*parts: Any) -> str:
    return _PREFIX + ":".join(map(str, parts))


def _item(received: float, body: bytes) -> bytes:
    return b"%.3f\n%s" % (received, body)


def _read_item(item: bytes) -> tuple[float, bytes]:
    received, _, body = item.partition(b"\n")
    return float(received), body
