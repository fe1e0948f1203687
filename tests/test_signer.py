# SPDX-License-Identifier: Apache-2.0
"""The signer of a process: shard by shard the bytes of the whole site, and no key in the open."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from site_builder.addresses import Site, backpack_slug
from site_builder.formats import clr, status_list
from site_builder.model.catalog_kinds import Key
from site_builder.problems import Unsignable
from site_builder.signing import Signer, SignerPlan
from tests.support import differing
from tests.verified import KEY

if TYPE_CHECKING:
    from site_builder.catalog import Catalog


class Kept(dict[str, bytes]):
    """A store of bytes in memory."""

    def put(self, key: str, data: bytes) -> None:
        self[key] = data


def signable(catalog: Catalog) -> Catalog:
    """The catalog with an issuer whose key is `KEY`."""
    key = Key.model_validate({"id": "key-1", "public": KEY.public, "from": "2015-01-01"})
    return replace(catalog, issuer=catalog.issuer.model_copy(update={"keys": (key,)}))


def shards(catalog: Catalog, count: int) -> list[Catalog]:
    """The catalog's people in `count` parts, each with all their awards."""
    found = []
    for number in range(count):
        people = set(sorted(catalog.teachers)[number::count])
        found.append(
            replace(
                catalog,
                teachers={name: catalog.teachers[name] for name in people},
                awards={name: one for name, one in catalog.awards.items() if one.teacher in people},
            )
        )
    return found


def entries_of(catalog: Catalog) -> dict[int, list[status_list.Entry]]:
    lists = status_list.lists(catalog.awards.values())
    return {number: [status_list.entry(one) for one in awards] for number, awards in lists.items()}


@pytest.mark.parametrize("count", [1, 3, 17])
def test_shards_together_are_the_whole_site(demo_catalog: Catalog, count: int):
    catalog = signable(demo_catalog)
    site = Site(catalog.issuer.base_url)
    whole = dict(Signer(KEY, catalog.issuer, site).files(catalog))
    signer = Signer(KEY, catalog.issuer, site)
    made = list(signer.identity_files(replace(catalog, teachers={}, awards={}, drafts={})))
    merged: dict[int, list[status_list.Entry]] = {}
    for shard in shards(catalog, count):
        made += signer.of_people(shard)
        for number, entries in entries_of(shard).items():
            merged[number] = [*merged.get(number, []), *entries]
    made += [signer.status_list(number, entries) for number, entries in merged.items()]

    assert len(made) == len(whole)
    assert differing(dict(made), whole) == []


def test_each_published_award_is_signed_once_and_its_teachers_record_follows(
    demo_catalog: Catalog,
):
    catalog = signable(demo_catalog)
    signer = Signer(KEY, catalog.issuer, Site(catalog.issuer.base_url))
    paths = [path for path, _ in signer.of_people(catalog)]
    wanted = {f"awards/{one.id}.json" for one in catalog.published}
    records = {f"backpacks/{backpack_slug(one)}.json": one for one in clr.teachers(catalog)}

    assert sorted(paths) == sorted(wanted | records.keys())
    for path, teacher in records.items():
        own = {f"awards/{one.id}.json" for one in catalog.awards_by_teacher[teacher.id]} & wanted
        place = paths.index(path)
        assert set(paths[place - len(own) : place]) == own


def test_achievements_are_made_once_for_all_shards_of_a_catalog(demo_catalog: Catalog):
    catalog = signable(demo_catalog)
    signer = Signer(KEY, catalog.issuer, Site(catalog.issuer.base_url))
    first, second = shards(catalog, 2)
    list(signer.of_people(first))
    made = signer._achievements(first)

    assert signer._achievements(second) is made
    assert signer._achievements(catalog) is made
    assert (made.catalog.teachers, made.catalog.awards) == ({}, {})
    renamed = catalog.issuer.model_copy(update={"name": "Another"})
    assert signer._achievements(replace(catalog, issuer=renamed)) is not made
    assert signer._achievements(replace(catalog, versions=dict(catalog.versions))) is not made


def test_a_shard_that_cannot_be_signed_does_all_it_can_and_says_what_is_wrong(
    demo_catalog: Catalog,
):
    catalog = signable(demo_catalog)
    teacher = clr.teachers(catalog)[0]
    broken = teacher.model_copy(update={"name": "Ada\x07"})
    catalog = replace(catalog, teachers=catalog.teachers | {teacher.id: broken})
    signer = Signer(KEY, catalog.issuer, Site(catalog.issuer.base_url))
    made: dict[str, bytes] = {}
    with pytest.raises(Unsignable) as caught:
        made.update(signer.of_people(catalog))
    own = {one.id for one in catalog.awards_by_teacher[teacher.id]} & {
        one.id for one in catalog.published if one.status.state != "withdrawn"
    }

    assert {one.place.path for one in caught.value.problems} == {
        catalog.sources["award", one] for one in own
    }
    assert f"backpacks/{backpack_slug(teacher)}.json" not in made
    assert len(made) == len(catalog.published) - len(own) + len(clr.teachers(catalog)) - 1


def in_a_worker(plan: SignerPlan, shard: Catalog) -> dict[str, bytes]:
    return dict(plan.signer().of_people(shard))


def test_a_worker_process_signs_what_this_one_signs(demo_catalog: Catalog):
    """A spawned one, which shares no memory with this: all it has is what it was handed."""
    catalog = signable(demo_catalog)
    shard = shards(catalog, 40)[0]
    teacher = shard.teachers[clr.teachers(shard)[0].id]
    broken = shard.teachers | {teacher.id: teacher.model_copy(update={"name": "Ada\x07"})}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        for key in (KEY, None):
            signer = Signer(key, catalog.issuer, Site(catalog.issuer.base_url))
            found = pool.submit(in_a_worker, signer.plan, shard).result()
            assert found == dict(signer.of_people(shard))
        with pytest.raises(Unsignable) as caught:
            pool.submit(in_a_worker, signer.plan, replace(shard, teachers=broken)).result()
    assert {one.code for one in caught.value.problems} == {"SG001"}


def test_what_is_printed_of_a_plan_names_no_key(demo_catalog: Catalog):
    catalog = signable(demo_catalog)
    plan = Signer(KEY, catalog.issuer, Site(catalog.issuer.base_url)).plan
    assert plan.seed == KEY.seed() == bytes(range(32))
    for text in (repr(plan), str(plan), f"{plan}"):
        assert "seed" not in text
        assert repr(KEY.seed())[2:20] not in text
        assert KEY._secret() not in text


def test_a_signer_itself_and_its_key_go_to_no_other_process(demo_catalog: Catalog):
    """Not by accident into a file either: only a plan does, which is asked for by name."""
    catalog = signable(demo_catalog)
    for one in (KEY, Signer(KEY, catalog.issuer, Site(catalog.issuer.base_url))):
        with pytest.raises(TypeError):
            pickle.dumps(one)


def test_what_one_signer_learned_the_next_one_remembers(demo_catalog: Catalog):
    catalog, store = signable(demo_catalog), Kept()
    site = Site(catalog.issuer.base_url)
    first, second = (Signer(KEY, catalog.issuer, site, store) for _ in range(2))

    assert dict(first.files(catalog)) == dict(second.files(catalog))
    assert second._notary.templates.learned == 0
    assert len(store) == second._notary.templates.remembered == first._notary.templates.learned
