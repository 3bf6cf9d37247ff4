"""A drill's folder as names and bytes. Nothing here touches a disk."""

import json
from collections.abc import Mapping

from reports.earlier import Earlier
from reports.event_sentences import sentence
from reports.format import clean, to_the_second
from reports.handed_out import handed_out
from reports.page import Figure, Page, papers_of
from reports.render import html_of, post_mortem_markdown, report_html, situation_markdown
from reports.spreadsheet import csv_of
from reports.story import Story
from scoring.result import Scorecard
from scoring.scorecard import to_json
from simulator.log import DrillLog
from simulator.texts import texts_json

__all__ = ["PEOPLE_FORMAT", "events_csv", "folder", "people_json"]

PEOPLE_FORMAT = 1
_COLUMNS = ("seq", "drill_s", "utc", "local", "who", "name", "kind", "what", "drill")


def people_json(names: Mapping[str, str], members: list[str]) -> bytes:
    """Who is who in a drill, beside its log and never in it: `{"format": 1, "names": {id: name}}`."""
    known = {who: clean(names[who]) for who in members if who in names}
    return json.dumps({"format": PEOPLE_FORMAT, "names": known}, ensure_ascii=False, indent=2).encode() + b"\n"


def events_csv(story: Story) -> bytes:
    """An event a row: place, drill time in seconds, UTC and the team's time, who, what, and of which drill it is.

    So no row that is cut out can be taken for something real. Where the story has a time of its own, that comes last.
    """
    in_story = story.plan.scenario.begins is not None
    rows = (
        (
            str(event.seq),
            f"{event.when / 1000:.3f}",
            event.wall.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            to_the_second(story.said_at(event)).isoformat(),
            event.actor or "",
            story.name(event.actor),
            type(event).__name__,
            sentence(story, event),
            story.plan.drill,
            *([story.story_time(event)] if in_story else []),
        )
        for event in story.everything
    )
    return csv_of([(*_COLUMNS, *(["story_time"] if in_story else [])), *rows])


def folder(
    log: DrillLog,
    card: Scorecard,
    names: Mapping[str, str],
    attached: Mapping[str, bytes] | None = None,
    *,
    earlier: Earlier | None = None,
    pdf: bool = False,
) -> dict[str, bytes]:
    """Every file of a drill's folder by name.

    `attached` has the contents of what the scenario handed to people, by their hashes; what is not here is left out.
    `earlier` is this drill beside those before it.
    `pdf` adds the report as PDF and raises PdfError if that fails.
    """
    from reports.charts.gallery import draw_all  # imports matplotlib, which only drawing needs

    story = Story(log, names)
    situation, post_mortem = papers_of(story, card)
    handed = handed_out(story, log.plan.contents | dict(attached or {}))
    beside = {one.path for one in handed if one.data is not None}
    papers = situation_markdown(situation, beside), post_mortem_markdown(post_mortem, beside)
    written = (html_of(situation_markdown(situation)), html_of(post_mortem_markdown(post_mortem)))
    charts = draw_all(story, card)
    figures = [
        Figure(chart.name, chart.title, chart.caption, chart.alternative, chart.inline("wide"), chart.inline("narrow"))
        for chart in charts
    ]
    files = {
        "log.jsonl": log.data,
        "texts.json": texts_json(log.texts),
        "people.json": people_json(names, [*story.members, *log.plan.facilitators, *log.plan.evaluators]),
        "scorecard.json": to_json(card),
        "situation-report.md": papers[0].encode(),
        "post-mortem.md": papers[1].encode(),
        "report.html": report_html(Page(story, card, figures, written, handed, earlier=earlier)).encode(),
        "events.csv": events_csv(story),
    }
    files.update({one.path: one.data for one in handed if one.data is not None})
    files.update({f"charts/{chart.name}.svg": chart.wide.encode() for chart in charts})
    if pdf:
        from reports.pdf import pdf_of  # imports WeasyPrint, which is an extra

        plain = [
            Figure(chart.name, chart.title, chart.caption, chart.alternative, chart.inline("wide", themed=False), "")
            for chart in charts
        ]
        files["report.pdf"] = pdf_of(
            report_html(Page(story, card, plain, written, handed, earlier=earlier, paper_only=True))
        )
    return files
