#!/usr/bin/env python3
"""Does a published draw of places and officers (双随机) again and compares: python3 draw_verify.py draw.json

The file is /api/public/draws/ID; those of samples, laboratories, call-backs and campaigns: draw_verify_seats.py. Hashes of
seed and pool were in the ledger before the draw; the root of a later checkpoint was mixed in, whose signer is told by
`shian draw verify FILE --key PUBLIC_KEY`. Random numbers follow from all of these; none favours low results.
"""
import json
import sys
from hashlib import sha256
from itertools import count

file = json.load(open(sys.argv[1], encoding="utf-8"))
assert file["format"] == "shian-draw-1", "no file of a draw of places"
assert sha256(bytes.fromhex(file["seed"])).hexdigest() == file["seed_hash"], "another seed was promised"
assert sha256(file["pool"].encode()).hexdigest() == file["pool_hash"], "another pool was promised"

root = file["checkpoint"].splitlines()[2]
key = sha256(f"{file['format']}\n{file['seed']}\n{root}\n{file['pool_hash']}\n".encode()).digest()
words = (int.from_bytes(sha256(key + n.to_bytes(8, "big")).digest()[:8], "big") for n in count())


def below(n):
    return next(word % n for word in words if word < 2**64 - 2**64 % n)


def pool(word):
    """What follows the word in the lines of the pool that begin with it."""
    return [line.split(" ")[1:] for line in file["pool"].splitlines() if line.split(" ")[0] == word]


size = int(pool("team")[0][0])
officers = {line[0]: (line[1:] or [""])[0] for line in pool("officer")}  # and the divisions each works in
avoid, went = ({tuple(line) for line in pool(word)} for word in ("avoid", "went"))
load = dict.fromkeys(officers, 0)


def send(subject, area):
    """Who goes: those with least to do first, by chance among equals; nobody who stands back or was in the area last."""
    near = [o for o, reach in officers.items() if area.startswith(reach) and (o, subject) not in avoid]
    able = [o for o in near if (o, area) not in went]
    waived = len(able) < size  # too few without the rotation of areas: it is set aside
    able = near if waived else able
    team = []
    while len(able) >= size - len(team) and len(team) < size:
        least = min(load[o] for o in able)
        equal = [o for o in able if load[o] == least]
        team.append(equal[below(len(equal))])
        load[team[-1]] += 1
        able.remove(team[-1])
    return {"subject": subject, "officers": team, "waived": waived}


subjects, wanted = pool("subject"), int(pool("count")[0][0])
for i in range(min(wanted, len(subjects))):
    j = i + below(len(subjects) - i)
    subjects[i], subjects[j] = subjects[j], subjects[i]
again = [send(subject, area) for subject, area in subjects[:wanted]]
assert again == file["result"], "another result"
print(f"verified: {len(again)} drawn")
