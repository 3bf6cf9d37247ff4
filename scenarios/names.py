"""The company that scenarios are about: what its services, products, teams and dashboards are called."""

from typing import Annotated

from pydantic import Field

from scenarios.base import Id, Line, Model
from scenarios.scenario import Name

__all__ = ["Dashboard", "Names"]

Said = Annotated[Line, Field(pattern=r"^[^{}]+$", max_length=80)]
"""A name as texts use it: no braces, so that it can stand in for one."""
Link = Annotated[Line, Field(pattern=r"^https?://\S+$")]


class Dashboard(Model):
    """A page with figures of the company's systems."""

    title: Said
    """What it is called."""
    link: Link | None = None
    """Where it is."""


class Names(Model):
    """A company's own names. Whatever is left out is called as the library's company calls it."""

    names: Id
    """The name of this set of names."""
    company: Said | None = None
    """The company; `{company}` in texts."""
    business: Said | None = None
    """What it does, such as an office-services company; `{business}`."""
    site: Said | None = None
    """The address of its web site, without a scheme; `{site}`."""
    handle: Said | None = None
    """Its name where people talk in public, such as @officeluv; `{handle}`."""
    status_page: Said | None = None
    """Where customers look whether all is well; `{status_page}`."""
    product: Said | None = None
    """One piece of what customers buy or book, such as cleaning visit; `{product}`."""
    products: Said | None = None
    """Several of them; `{products}`."""
    platform: Said | None = None
    """Where its systems run, such as Heroku; `{platform}`."""
    payment_provider: Said | None = None
    """Who takes the payments; `{payment_provider}`."""
    services: dict[Name, Said] = Field(default={}, max_length=40)
    """Its services, such as `login: login service`; `{service_login}`."""
    teams: dict[Name, Said] = Field(default={}, max_length=40)
    """Its teams, such as `support: Support desk`; `{team_support}`."""
    dashboards: dict[Name, Dashboard] = Field(default={}, max_length=40)
    """Its dashboards; `{dashboard_errors}` is the title of the one called `errors`."""
    runbooks: dict[Line, Link] = Field(default={}, max_length=200)
    """The company's real page for a procedure, by `runbook/procedure`."""

    def over(self, base: "Names") -> "Names":
        """These names, and those of another company for whatever is left out here."""
        own = self.model_dump(exclude_none=True)
        merged = base.model_dump(exclude_none=True)
        for key, value in own.items():
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
        return Names.model_validate(merged)

    def values(self) -> dict[str, str]:
        """What each name in braces stands for."""
        said = {
            key: value
            for key, value in self.model_dump(exclude_none=True).items()
            if isinstance(value, str) and key != "names"
        }
        said |= {f"service_{name}": text for name, text in self.services.items()}
        said |= {f"team_{name}": text for name, text in self.teams.items()}
        said |= {f"dashboard_{name}": one.title for name, one in self.dashboards.items()}
        return said
