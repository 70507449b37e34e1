"""``theorygen rules``: the library, one rule, the vocabulary rules are written in, the catalogue they answer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from theorygen.cli import completion
from theorygen.cli.options import JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from theorygen.rules.rule import Rule

NameArgument = Annotated[str | None, typer.Argument(
    metavar="[RULE]", help="A rule, such as parallel-fifths.", autocompletion=completion.rules)]
ProfileOption = Annotated[str | None, typer.Option(
    "--profile", metavar="NAME", autocompletion=completion.profiles,
    help="Only the rules of a profile, with their strengths there.")]
CoverageOption = Annotated[bool, typer.Option(
    "--coverage", help="Every id of the catalogue: where it is defined, its tests, its strengths.")]
WindowsOption = Annotated[bool, typer.Option("--windows", help="What rules may look at: windows and their fields.")]

AblateOption = Annotated[bool, typer.Option(
    "--ablate", help="How many voicings chords have with every hard rule, and without each in turn.")]
AgainstOption = Annotated[str | None, typer.Option(
    "--against", metavar="CORPUS", help="How often the scores of a folder break each rule, with a 95 % interval.")]
DeriveOption = Annotated[bool, typer.Option(
    "--derive", help="Which hard rules follow from which others; else music that breaks one alone.")]
StyleOption = Annotated[str | None, typer.Option(
    "--style", metavar="STYLE", autocompletion=completion.styles,
    help="Whose rules an experiment is about; default textbook-chorale, and for --against strict-textbook.")]
RomanOption = Annotated[str | None, typer.Option(
    "--roman", metavar="CHORDS", help='Chords for --ablate; default "C: I V6 I IV ii6 V7 I(PAC)".')]


def rules(name: NameArgument = None, profile: ProfileOption = None, windows: WindowsOption = False,
          coverage: CoverageOption = False, ablate: AblateOption = False, against: AgainstOption = None,
          derive: DeriveOption = False, style: StyleOption = None, roman: RomanOption = None,
          as_json: JsonOption = False) -> None:
    """Show the rules of the library, one rule, the vocabulary of rules, or what of the catalogue is there.

    Experiments: --ablate, --against and --derive show what rules do to music and to each other.

    Example: theorygen rules parallel-fifths
    """
    from theorygen.cli.rule_experiments import Experiment

    experiment = Experiment(ablate, against, derive, name, profile, style, roman, as_json)
    experiment.check()
    if experiment.asked:
        experiment.run()
        return
    if windows:
        from theorygen.cli.windows import print_windows

        print_windows(as_json)
        return
    if coverage:
        from theorygen.cli.coverage import print_coverage

        print_coverage(as_json)
        return
    chosen = _chosen(name, profile)
    if as_json:
        import json

        data: Any = [rule_data(rule) for rule in chosen]
        print(json.dumps(data[0] if name else data, indent=2, ensure_ascii=False))
    elif name:
        print("\n".join(_page(chosen[0])))
    else:
        print("\n".join(_listing(chosen, profile)))


def _chosen(name: str | None, profile: str | None) -> list[Rule]:
    """The rules asked for.

    Raises:
        InputError: there is no such rule or profile.
    """
    from theorygen.rules.rule_set import load_library, load_profiles

    library = load_library()
    _check_known("profile", profile, load_profiles(), ", ".join(load_profiles()), "choose one of the profiles")
    _check_known("rule", name, library, "a rule of the library", "'theorygen rules' lists them")
    if name:
        return [library[name]]
    return [rule for rule in library.values() if profile is None or rule.strength.get(profile, "off") != "off"]


def _check_known(what: str, name: str | None, known: Mapping[str, Any], expected: str, remedy: str) -> None:
    from theorygen.source.diagnostic import Diagnostic, InputError, nearest

    if name is not None and name not in known:
        raise InputError(Diagnostic(f"unknown-{what}", f"no {what} is named '{name}'", None, expected,
                                    nearest(name, known), remedy))


def rule_data(rule: Rule) -> dict[str, Any]:
    """A rule as plain data; empty fields are left out."""
    exceptions = [{"name": one.name, "when": one.when, "good": list(one.good), "bad": list(one.bad)}
                  for one in rule.unless]
    data = {
        "name": rule.name, **rule.details, "over": rule.over, "fold": rule.fold, "on": list(rule.grids),
        "when": rule.when, "forbid": rule.forbid, "require": rule.require, "cost": rule.cost, "unless": exceptions,
        "strength": dict(rule.strength), "points-at": dict(rule.points_at), "out-of": rule.out_of,
        "message": rule.message, "because": rule.because, "source": rule.source,
        "good": list(rule.good), "bad": list(rule.bad),
    }
    return {key: value for key, value in data.items() if value not in ("", [], {})}


def _listing(chosen: Iterable[Rule], profile: str | None) -> list[str]:
    """One line a rule, under the names of their categories."""
    groups: dict[str, list[Rule]] = {}
    for rule in chosen:
        groups.setdefault(rule.details.get("category", "other"), []).append(rule)
    width = max((len(rule.name) for group in groups.values() for rule in group), default=0)
    lines: list[str] = []
    for category, group in groups.items():
        lines += ["", category]
        lines += [f"  {rule.name:{width}}  {_strength(rule, profile)}{rule.details.get('title', '')}" for rule in group]
    return lines[1:]


def _strength(rule: Rule, profile: str | None) -> str:
    return f"{rule.strength[profile]!s:>5}  " if profile else ""


def _page(rule: Rule) -> list[str]:
    """Everything about one rule."""
    lines = [f"{rule.name}: {rule.details.get('title', '')}".rstrip(": "), ""]
    if rule.because:
        lines += [rule.because, ""]
    window = f"{rule.over} ({rule.fold})" if rule.fold else rule.over
    entries = [("over", window), ("on", ", ".join(rule.grids)), ("when", rule.when), ("forbid", rule.forbid),
               ("require", rule.require), ("cost", rule.cost)]
    entries += [(f"unless {one.name}", one.when) for one in rule.unless]
    pointed = ", ".join(f"{place}: {text}" if text else place for place, text in rule.points_at.items())
    entries += [("points at", pointed), ("out of", rule.out_of)]
    entries += [("message", rule.message), ("source", rule.source), ("penalty", rule.details.get("penalty", "")),
                ("in Bach", rule.details.get("bach", "")), ("note", rule.details.get("note", ""))]
    entries += [("strength", f"{strength} in {profile}") for profile, strength in rule.strength.items()]
    entries += [("good", text) for text in rule.good] + [("bad", text) for text in rule.bad]
    entries += [(f"{kind}, {one.name}", text) for one in rule.unless for kind in ("good", "bad")
                for text in getattr(one, kind)]
    width = max(len(key) for key, text in entries if text)
    return lines + [f"{key:{width}}  {text}" for key, text in entries if text]
