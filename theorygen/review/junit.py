"""Reviews as JUnit XML, for continuous integration: a suite for each score, a case for each rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from theorygen.review.review import Fault, Review

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold."""


def junit_xml(reviews: Sequence[Review]) -> bytes:
    """The reviews as one XML file.

    A rule fails where it may not be broken and is; remarks and small costs stand in the output of its case.
    """
    root = ElementTree.Element("testsuites", name="theorygen check")
    for review in reviews:
        _add_suite(root, review)
    for name in ("tests", "failures"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _add_suite(root: ElementTree.Element, review: Review) -> None:
    broken: dict[str, list[Fault]] = {}
    for fault in review.primary:
        broken.setdefault(fault.rule.name, []).append(fault)
    rules = {active.name: active.rule for active in review.rules.rules}
    failures = sum(any(fault.hard for fault in broken.get(name, ())) for name in rules)
    suite = ElementTree.SubElement(root, "testsuite", name=_clean(review.name), tests=str(len(rules)),
                                   failures=str(failures), errors="0")
    for name, rule in rules.items():
        place = f"{review.judged_by}.{rule.details.get('category', 'rules')}"
        case = ElementTree.SubElement(suite, "testcase", classname=place, name=name)
        _add_findings(case, review, broken.get(name, []))


def _add_findings(case: ElementTree.Element, review: Review, faults: list[Fault]) -> None:
    """The places where a rule is broken."""
    hard = [fault for fault in faults if fault.hard]
    if hard:
        title = hard[0].rule.details.get("title") or hard[0].rule.name
        places = f"{len(hard)} {'place' if len(hard) == 1 else 'places'}"
        failure = ElementTree.SubElement(case, "failure", message=_clean(f"{title}: {places}"), type="fault")
        failure.text = _clean("\n".join(line for fault in hard for line in _lines(review, fault)))
    if len(faults) > len(hard):
        output = ElementTree.SubElement(case, "system-out")
        output.text = _clean("\n".join(fault.headline for fault in faults if not fault.hard))


def _lines(review: Review, fault: Fault) -> list[str]:
    return [fault.headline, *(f"  leads to: {one.headline} [{one.rule.name}]" for one in review.consequences(fault))]


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
