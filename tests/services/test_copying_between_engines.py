"""From a file into MongoDB and back: an agency outgrows a machine, or leaves the cluster again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lrs.services.archives import back_up, restore
from lrs.services.copying import copy
from lrs.stores.contract_evidence import add_with
from lrs.stores.contract_moving_samples import counts, fill, instants, packed, told
from lrs.stores.contract_samples import evidence, statement, submission, voiding
from lrs.stores.moving import WholeStore
from lrs.stores.opening import open_store
from tests.conftest import NewStore
from tests.services import whole_academy

pytestmark = pytest.mark.engines("mongodb", "mongodb standalone")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[WholeStore]:
    with closing(open_store(f"sqlite:///{tmp_path / 'rapport.db'}")) as store:
        store.initialise()
        yield store


@pytest.fixture
def cluster(store_url: str) -> Iterator[WholeStore]:
    with closing(open_store(store_url)) as store:
        store.initialise()
        yield store


@pytest.mark.slow
def test_the_academy_copied_to_mongodb_has_the_same_profiles_byte_for_byte(
    file: WholeStore, cluster: WholeStore
) -> None:
    filled = whole_academy.fill(file, scale=0.1)
    copied = copy(file, cluster)
    assert copied.sums["evidence"].count > 500
    whole_academy.assert_same_profiles(file, cluster, filled)


def test_there_and_back_everything_is_as_it_was(
    file: WholeStore, cluster: WholeStore, tmp_path: Path
) -> None:
    fill(file)
    there = copy(file, cluster)
    with closing(open_store(f"sqlite:///{tmp_path / 'back.db'}")) as back:
        back.initialise()
        again = copy(cluster, back)
        assert again.sums == there.sums
        assert counts(back) == counts(cluster) == counts(file)
        assert packed(back).statements == packed(file).statements
        assert packed(back).evidence == packed(file).evidence
        for instant in instants(file):
            assert told(back, instant) == told(cluster, instant) == told(file, instant)


def test_a_second_pass_brings_what_came_while_the_first_ran(file: WholeStore, cluster: WholeStore) -> None:
    first = add_with(file, evidence())
    copy(file, cluster)
    file.add(submission(voiding(first.id), new := statement()))
    second = copy(file, cluster)
    assert second.new_statements == 2
    assert [one.id for one in cluster.scan()] == [one.id for one in file.scan()]
    voided = cluster.get(first.id)
    assert voided is not None
    assert voided.voided_us is not None
    assert cluster.get(new.id) == file.get(new.id)
    # And from here on it is a store like any other.
    assert add_with(cluster, evidence()).stored_us > second.through_us


def test_a_backup_of_mongodb_is_a_file_that_can_be_restored_into_another(
    cluster: WholeStore, new_store: NewStore, tmp_path: Path
) -> None:
    fill(cluster)
    archive = tmp_path / "archive.db"
    back_up(cluster, archive)
    with closing(open_store(f"sqlite:///{archive}")) as readable:
        assert readable.count_statements() == cluster.count_statements()
    with new_store() as url, closing(open_store(url)) as restored:
        restore(archive, restored)
        assert list(restored.scan()) == list(cluster.scan())
        for instant in instants(cluster):
            assert told(restored, instant) == told(cluster, instant)
