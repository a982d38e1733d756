"""The one place that names concrete things: which store, which plugins, which clock, and who gets them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from lrs.competency.policy import Policy
from lrs.config import Config
from lrs.plugin.manager import PluginHost, load_plugins
from lrs.services.access.keys import Access
from lrs.services.access.pseudonyms import Pseudonyms
from lrs.services.access.sessions import Sessions, Terms
from lrs.services.access.sight import Sights
from lrs.services.access.sign_on import SignOn
from lrs.services.access.users import Users
from lrs.services.activities import Activities
from lrs.services.audit import Audit
from lrs.services.browsing import Browsing
from lrs.services.check import Check
from lrs.services.comparing import Comparing
from lrs.services.contests import Contests
from lrs.services.documents import Documents
from lrs.services.exporting import Export
from lrs.services.generations import Generations
from lrs.services.granting import Granting
from lrs.services.importing import Import
from lrs.services.ingest import Ingest, Limits
from lrs.services.on_record import OnRecords
from lrs.services.people import People
from lrs.services.profiles import Profiles
from lrs.services.quarantine import Quarantine
from lrs.services.records import Records
from lrs.services.refusals import Refusals
from lrs.services.remembering import Memory
from lrs.services.reports import Reports
from lrs.services.reprofile import Reprofile
from lrs.services.roster import Roster
from lrs.services.statements import Statements
from lrs.stores.base import Store
from lrs.stores.opening import open_store
from lrs.xapi.statement_parameters import PageSizes


def now_us() -> int:
    """The clock: microseconds since the epoch."""
    return time.time_ns() // 1000


def new_id() -> str:
    """A random UUID."""
    return str(uuid.uuid4())


def loaded(config: Config) -> PluginHost:
    """Every plugin that is installed or a folder of the settings, and not turned off."""
    return load_plugins(config.plugins, config.plugins_off, folders=config.plugin_folders)


def open_store_and_plugins(config: Config) -> tuple[Store, PluginHost]:
    """What a further process of `lrs reprofile` works with."""
    return open_store(config.store), loaded(config)


@dataclass(frozen=True, slots=True)
class Rapport:
    """Every use case, over one store."""

    config: Config
    store: Store
    plugins: PluginHost
    access: Access
    users: Users
    sessions: Sessions
    sights: Sights
    sign_on: SignOn
    audit: Audit
    ingest: Ingest
    statements: Statements
    profiles: Profiles
    check: Check
    documents: Documents
    activities: Activities
    people: People
    imports: Import
    exports: Export
    reprofile: Reprofile
    generations: Generations
    comparing: Comparing
    quarantine: Quarantine
    roster: Roster
    reports: Reports
    contests: Contests
    records: Records
    browsing: Browsing
    refusals: Refusals

    @classmethod
    def open(
        cls, config: Config, *, clock: Callable[[], int] = now_us, plugins: PluginHost | None = None
    ) -> Rapport:
        """Open the store, load the plugins, if they are not given, and wire them together.

        Raises `ConfigError`, `PluginError`, `StoreMismatch`, `StoreUnavailable`.
        """
        plugins = plugins or loaded(config)
        policy = Policy.from_mapping(config.scoring, plugins.models)
        store = open_store(config.store)
        limits = Limits(
            batch=config.max_batch,
            json_bytes=config.max_json_bytes,
            statement_bytes=config.max_statement_bytes,
        )
        ingest = Ingest(
            store,
            plugins,
            clock=clock,
            new_id=new_id,
            limits=limits,
        )
        memory = Memory(store)
        on_record = OnRecords(store, memory)
        profiles = Profiles(store, plugins, policy=policy, on_record=on_record)
        refusals = Refusals(store, clock=clock)
        reports = Reports(
            store, plugins, profiles, refusals, policy=policy, on_record=on_record, memory=memory
        )
        roster = Roster(store)
        audit = Audit(store, clock=clock)
        users = Users(store, audit, clock=clock)
        granting = Granting(
            store, ingest, plugins, audit, clock=clock, new_id=new_id, home_page=config.home_page
        )
        contests = Contests(store, audit, granting, clock=clock, new_id=new_id)
        terms = Terms(
            hours=config.session_hours,
            idle_minutes=config.session_idle_minutes,
            tries_a_minute=config.sign_in_tries,
        )
        return cls(
            config=config,
            store=store,
            plugins=plugins,
            access=Access(store, audit, clock=clock, home_page=config.home_page),
            users=users,
            sessions=Sessions(store, store, users, audit, clock=clock, terms=terms),
            sign_on=SignOn(
                config.oidc_issuer,
                config.oidc_client_id,
                config.oidc_client_secret,
                redirect_uri=f"{config.public_url}/dashboard/signed-on",
            ),
            sights=Sights(store, cache(lambda: Pseudonyms(store.server_secret("pseudonyms")))),
            audit=audit,
            ingest=ingest,
            statements=Statements(store, sizes=PageSizes(usual=config.page_size, most=config.max_page_size)),
            profiles=profiles,
            check=Check(plugins, limits, policy=policy, clock=clock, new_id=new_id),
            documents=Documents(store, clock=clock),
            activities=Activities(store),
            people=People(store),
            imports=Import(ingest, limits, home_page=config.home_page),
            exports=Export(store),
            reprofile=Reprofile(
                store, plugins, opener=partial(open_store_and_plugins, config), new_id=new_id
            ),
            generations=Generations(store, plugins),
            comparing=Comparing(store, plugins, policy=policy),
            quarantine=Quarantine(store, plugins),
            roster=roster,
            reports=reports,
            contests=contests,
            records=Records(
                store,
                profiles=profiles,
                reports=reports,
                roster=roster,
                contests=contests,
                audit=audit,
                policy=policy,
            ),
            browsing=Browsing(store, audit),
            refusals=refusals,
        )

    def close(self) -> None:
        """Write what was counted, and let go of the store."""
        self.refusals.flush()
        self.store.close()
