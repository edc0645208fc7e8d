"""Results kept by content: whole or not at all, and the unused ones go."""

import json
import os
import time

import pytest

from barometer.languages.catalogues import PROJECT
from barometer.parameters import Parameters
from barometer.run import cache
from barometer.run.cache import has_result, keep_result, prune_results, read_result


def test_a_result_is_read_as_it_was_kept(tmp_path):
    keep_result(tmp_path, "ab12", {"notebook": 'Æ\n"1"'})
    assert has_result(tmp_path, "ab12") and read_result(tmp_path, "ab12") == {"notebook": 'Æ\n"1"'}
    assert not has_result(tmp_path, "ab13") and read_result(tmp_path, "ab13") is None


@pytest.mark.parametrize(
    "content", [b"", b"x", b"\xff\n{}", b"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e831"]
)
def test_what_is_not_whole_is_no_result(tmp_path, content):
    keep_result(tmp_path, "ab12", {})
    next(tmp_path.glob("*/*.json")).write_bytes(content)
    assert read_result(tmp_path, "ab12") is None


@pytest.mark.parametrize("mixed", [False, True])
def test_a_result_that_was_copied_to_another_keys_place_is_none_of_that_keys(tmp_path, mixed):
    keep_result(tmp_path, "ab12", {"alpha": 0.05})
    keep_result(tmp_path, "ab13", {"alpha": 0.2})
    one, other = sorted(tmp_path.glob("*/*.json"))
    checksum, text = one.read_text().split("\n")[0], other.read_text().split("\n")[1]
    one.write_text(f"{checksum}\n{text}" if mixed else other.read_text())
    assert read_result(tmp_path, "ab12") is None and read_result(tmp_path, "ab13") == {"alpha": 0.2}


def keep_aged(folder, key, days):
    keep_result(folder, key, {"x": "y" * 100})
    when = time.time() - days * 86400
    os.utime(next(folder.glob(f"*/{key}.json")), (when, when))


def test_what_was_not_used_for_thirty_days_goes_and_use_counts(tmp_path):
    for key, days in (("aa", 31), ("bb", 29), ("cc", 31), ("dd", 31)):
        keep_aged(tmp_path, key, days)
    read_result(tmp_path, "cc")
    prune_results(tmp_path, used={"dd"})
    assert [key for key in ("aa", "bb", "cc", "dd") if has_result(tmp_path, key)] == [
        "bb",
        "cc",
        "dd",
    ]


def test_beyond_the_room_the_longest_unused_go_but_none_of_this_run(tmp_path, monkeypatch):
    for key, days in (("aa", 4), ("bb", 3), ("cc", 2), ("dd", 1)):
        keep_aged(tmp_path, key, days)
    size = next(tmp_path.glob("*/*.json")).stat().st_size
    monkeypatch.setattr(cache, "MOST_KEPT", 2 * size)
    prune_results(tmp_path, used={"aa"})
    assert [key for key in ("aa", "bb", "cc", "dd") if has_result(tmp_path, key)] == [
        "aa",
        "cc",
        "dd",
    ]


def test_a_translation_of_a_sentence_counts_for_its_chapter_and_one_of_a_label_for_all(
    tmp_path, monkeypatch
):
    path = tmp_path / "project.po"
    monkeypatch.setattr(
        cache,
        "find_catalogue",
        lambda domain, _: path if domain == PROJECT else tmp_path / "none.po",
    )
    chapters = [
        json.dumps({"cells": [{"cell_type": "code", "source": [f'a.tell("{id}", text="Ja")']}]})
        for id in ("X01", "X02")
    ]

    def write(sentence, label):
        entries = f'msgctxt "X01 text"\nmsgid "Ja"\nmsgstr "{sentence}"\n'
        entries += f'\nmsgctxt "label"\nmsgid "Ja"\nmsgstr "{label}"\n'
        path.write_text(entries, encoding="utf-8")
        checksum = cache.hash_catalogue("en")
        return [cache._hash_shown("en", source.encode(), checksum) for source in chapters]

    first = write("Yes", "Yes")
    second = write("Indeed", "Yes")
    assert second[0] != first[0] and second[1] == first[1]
    third = write("Indeed", "Yep")
    assert third[0] != second[0] and third[1] != second[1]


def test_a_project_s_translations_are_its_own_also_after_those_of_another(tmp_path, monkeypatch):
    """One process may serve several projects one after another."""
    cell = {"cell_type": "code", "source": ['a.tell("X01", text="Ja")'], "metadata": {}}
    chapter = json.dumps({"cells": [cell]})
    monkeypatch.setattr(cache, "other_languages", lambda: ["en"])
    monkeypatch.setattr(cache, "hash_chapters", lambda: "")

    def describe(name):
        path = tmp_path / name
        monkeypatch.setattr(cache, "find_catalogue", lambda *_: path)
        sources = cache.Sources({}, "", "", "", "")
        return cache.describe_chapter(chapter.encode(), Parameters(), sources)["translations"]

    (tmp_path / "one.po").write_text('msgctxt "X01 text"\nmsgid "Ja"\nmsgstr "Yes"\n')
    with_one, without = describe("one.po"), describe("none.po")
    assert with_one != without and describe("one.po") == with_one
