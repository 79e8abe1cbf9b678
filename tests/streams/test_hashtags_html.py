"""Hashtags in HTML: where they are found, and how they become links."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wagtail_personalize.streams.hashtags_html import find_in_html, linked


def found(html):
    return [hashtag.label for hashtag in find_in_html(html)]


def with_links(html):
    return linked(html, lambda hashtag: None if hashtag.key == "no" else f"/{hashtag.key}?a&b")


class TestHashtag:
    @pytest.mark.parametrize(
        "html",
        [
            "<p>#news</p>",
            "<p>a</p><p>#news</p>",
            "a<br/>#news<br>b",
            "<li>a<li>#news",
            "<b>#news</b>",
            "#ne<b>ws</b>",
            "<i>#ne</i>ws",
            "#<span class='x'>news</span>",
            "#ne<!-- #no -->ws",
            "a&nbsp;#news&nbsp;b",
            "&#35;news",
            "&amp; #news",
            "1 < 2 #news",
            "#news<code>#no</code>",
            '<a href="#no">#no</a> #news',
            '<img alt="#no"> #news',
            '<embed embedtype="image" alt="#no" id="1"/>#news',
        ],
    )
    def test_is_found_where_a_reader_sees_it(self, html):
        assert found(html) == ["news"]

    @pytest.mark.parametrize(
        "html",
        [
            "<code>#news</code>",
            "<pre>a <b>#news</b></pre>",
            "<kbd>#news</kbd><samp>#news</samp>",
            "<a href='/'>#news</a>",
            "<A>#news</A>",
            "<a><a></a>#news</a>",
            "<script>#news</script><style>#news{}</style>",
            "<textarea>#news</textarea><button>#news</button><select><option>#news</select>",
            '<p title="#news">a</p>',
            "<p title='>#news'>a</p>",
            "<!-- #news -->",
            "<!-- #news",
            "<p title='#news",
            "<code> #news",
            "&#news;",
            "a<b>#news</b>",
            "https://example.com/<wbr>#news",
            "&amp;#news",
            "<script>if (a<b) '</script> #news",
        ],
    )
    def test_is_not_found_where_it_is_something_else(self, html):
        assert found(html) == []

    def test_ends_with_a_block(self):
        assert found("<p>#ne</p><p>ws</p>") == ["ne"]
        assert found("#ne<br>ws") == ["ne"]

    def test_tells_where_it_stands_in_the_source(self):
        html = "<p>&uuml;ber #n<b>&eacute;</b>ws</p>"
        (hashtag,) = find_in_html(html)
        assert html[hashtag.start : hashtag.end] == "#n<b>&eacute;</b>ws"
        assert hashtag.label == "néws"


class TestLink:
    def test_is_put_around_each_hashtag(self):
        assert with_links("<p>#News, #no</p>") == '<p><a class="hashtag" href="/news?a&amp;b">#News</a>, #no</p>'

    def test_holds_the_tags_inside(self):
        assert with_links("#n<b>e</b>w") == '<a class="hashtag" href="/new?a&amp;b">#n<b>e</b>w</a>'

    def test_never_crosses_a_tag(self):
        link = '<a class="hashtag" href="/new?a&amp;b">'
        assert with_links("#n<b>ew x</b>") == f"{link}#n</a><b>{link}ew</a> x</b>"

    def test_cannot_be_broken_out_of(self):
        assert "<script>" not in linked("#x", lambda hashtag: '"><script>')

    @given(st.lists(st.sampled_from(["<b>", "</b>", "<i>", "</i>", "#a", "b", " ", "<code>", "</code>", "&eacute;"])))
    def test_leaves_everything_else_as_it_was(self, pieces):
        html = "".join(pieces)
        result = linked(html, lambda hashtag: "/x")
        assert result.replace('<a class="hashtag" href="/x">', "").replace("</a>", "") == html


class TestTime:
    @pytest.mark.parametrize(
        "piece",
        ["<", "<a ", "<a '", "<b '<i \"", "<!--", "&", "&#", "&#35", "</", "<b>", "#a<b>", "<a>", "#a<b>b", "&#35;a "],
    )
    def test_grows_with_the_length_and_not_faster(self, piece):
        long = 100_000 // len(piece)
        short, whole = f"#x {piece * (long // 8)}", f"#x {piece * long}"
        assert any(quickest(whole) < 24 * quickest(short) + 0.01 for _again in range(4))


def quickest(html):
    def once():
        begin = time.process_time()
        with_links(html)
        return time.process_time() - begin

    return min(once() for _ in range(3))
