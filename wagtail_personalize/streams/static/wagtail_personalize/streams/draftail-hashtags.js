// Hashtags in Draftail: highlighted while they are typed, completed from those that exist.
(() => {
    "use strict";

    // As in hashtags.py: what a page gets when it is published decides; here it only shines.
    const WORD = "\\p{L}\\p{M}\\p{Nd}_＿";
    const LABEL = `[\\p{L}\\p{Nd}_＿][${WORD}]*(?:[\\u200c\\u200d]+[${WORD}]+)*`;
    const BEFORE = `(?<![${WORD}\\u200c\\u200d&#＃])`;
    const HIDING = "`[^`\\n]*`|(?:(?<![a-z0-9+.-])[a-z][a-z0-9+.-]*:\\/\\/|www\\.|(?:mailto|tel|urn|data):)[^\\s<>\"]+|(?<![\\w.@-])(?:[\\w-]+\\.)+[a-z]{2,}\\/\\S+";
    const ANY = new RegExp(`${HIDING}|${BEFORE}[#＃](${LABEL})(?![${WORD}])(?!:\\/\\/)`, "giu");
    const TYPING = new RegExp(`${BEFORE}[#＃](${LABEL})$`, "u");
    const MOST = 64;
    const HAS_LETTER = /\p{L}/u;
    const WAIT = 150;

    const isHidden = (block, place, content) => {
        const entity = block.getEntityAt(place);
        const isLink = entity && content.getEntity(entity).getType() === "LINK";
        return isLink || block.getInlineStyleAt(place).has("CODE");
    };

    const highlight = (block, mark, content) => {
        if (block.getType() === "code-block") return;
        for (const found of block.getText().matchAll(ANY)) {
            const label = found[1];
            if (!label || label.length > MOST || !HAS_LETTER.test(label)) continue;
            if (!isHidden(block, found.index, content)) mark(found.index, found.index + found[0].length);
        }
    };

    const Highlighted = ({ children }) => window.React.createElement("span", { className: "wp-hashtag" }, children);

    // What stands before the caret, if it is the beginning of a hashtag.
    const typed = (state) => {
        const selection = state.getSelection();
        if (!selection.isCollapsed() || !selection.getHasFocus()) return null;
        const content = state.getCurrentContent();
        const block = content.getBlockForKey(selection.getStartKey());
        const end = selection.getStartOffset();
        const found = block.getText().slice(Math.max(end - MOST - 2, 0), end).match(TYPING);
        if (!found || block.getType() === "code-block" || isHidden(block, end - 1, content)) return null;
        return { label: found[1], block: block.getKey(), start: end - found[0].length, end };
    };

    // One list for the whole page: there is one caret.
    const list = document.createElement("ul");
    list.className = "wp-hashtags";
    list.id = "wp-hashtags";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    const status = document.createElement("div");
    status.className = "w-sr-only";
    status.setAttribute("role", "status");

    let open = null; // { editor, word, options, chosen, words, methods }
    let dismissed = ""; // the word for which Escape closed the list
    let asked = null;
    let timer = 0;

    const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);

    const close = () => {
        clearTimeout(timer);
        if (asked) asked.abort();
        asked = null;
        list.hidden = true;
        if (!open) return;
        ["aria-controls", "aria-activedescendant", "aria-autocomplete"].forEach((name) => open.editor.removeAttribute(name));
        open = null;
    };

    const select = (number) => {
        open.chosen = (number + open.options.length) % open.options.length;
        [...list.children].forEach((option, place) => option.setAttribute("aria-selected", place === open.chosen));
        const option = list.children[open.chosen];
        option.scrollIntoView({ block: "nearest" });
        open.editor.setAttribute("aria-activedescendant", option.id);
        // Said as well, because not every screen reader follows an active descendant in a text of several lines.
        status.textContent = option.getAttribute("aria-label");
    };

    const choose = (number) => {
        const { DraftJS } = window;
        const { word, options, methods } = open;
        const state = methods.getEditorState();
        const content = state.getCurrentContent();
        const range = state.getSelection().merge({ anchorKey: word.block, anchorOffset: word.start, focusKey: word.block, focusOffset: word.end, isBackward: false });
        const style = content.getBlockForKey(word.block).getInlineStyleAt(word.start);
        const after = content.getBlockForKey(word.block).getText().charAt(word.end);
        const text = `#${options[number].label}${/\s/.test(after) ? "" : " "}`;
        const changed = DraftJS.Modifier.replaceText(content, range, text, style);
        close();
        dismissed = `${word.block} ${word.start} ${options[number].label}`;
        methods.setEditorState(DraftJS.EditorState.push(state, changed, "insert-characters"));
    };

    const place = () => {
        const selection = window.getSelection();
        if (!selection.rangeCount) return;
        const caret = selection.getRangeAt(0).getBoundingClientRect();
        const at = caret.width || caret.height || caret.top ? caret : open.editor.getBoundingClientRect();
        const below = at.bottom + 6;
        const fits = below + list.offsetHeight < window.innerHeight;
        list.style.top = `${fits ? below : Math.max(at.top - list.offsetHeight - 6, 0)}px`;
        list.style.left = `${Math.max(Math.min(at.left, window.innerWidth - list.offsetWidth - 8), 8)}px`;
    };

    const optionFor = ({ label, pages }, number) => {
        const option = document.createElement("li");
        option.className = "wp-hashtags__option";
        option.id = `wp-hashtags-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-label", `#${label}, ${pages}`);
        const name = document.createElement("span");
        name.textContent = `#${label}`;
        const shown = document.createElement("span");
        shown.className = "wp-hashtags__number";
        shown.textContent = pages;
        option.append(name, shown);
        return option;
    };

    const show = (editor, word, options, words, methods) => {
        if (!options.length) {
            close();
            status.textContent = words.none;
            return;
        }
        if (!list.isConnected) document.body.append(list, status);
        open = { editor, word, options, words, methods, chosen: -1 };
        list.setAttribute("aria-label", words.list);
        list.replaceChildren(...options.map((option, number) => optionFor(option, number)));
        list.hidden = false;
        editor.setAttribute("aria-controls", list.id);
        editor.setAttribute("aria-autocomplete", "list");
        place();
        status.textContent = options.length === 1 ? words.one : fill(words.some, { number: options.length });
    };

    const ask = (plugin, word, methods) => {
        clearTimeout(timer);
        if (asked) asked.abort();
        timer = setTimeout(() => {
            const editor = document.activeElement;
            if (!editor || !editor.isContentEditable) return;
            asked = new AbortController();
            fetch(`${plugin.url}?q=${encodeURIComponent(word.label)}`, { credentials: "same-origin", signal: asked.signal })
                .then((response) => (response.ok && !response.redirected ? response.json() : { hashtags: [] }))
                .then(({ hashtags }) => {
                    const now = typed(methods.getEditorState());
                    if (document.activeElement !== editor || !now || now.label !== word.label) return;
                    const others = hashtags.filter(({ label }) => label !== word.label);
                    show(editor, now, others, plugin.words, methods);
                })
                .catch(() => close()); // aborted, or the server is away: the text is what counts
        }, WAIT);
    };

    let last = "";
    const follow = (plugin, state, methods) => {
        const word = plugin.url ? typed(state) : null;
        const said = word ? `${word.block} ${word.start} ${word.label}` : "";
        if (said === last) return;
        last = said;
        if (!word || said === dismissed) {
            close();
            return;
        }
        dismissed = "";
        ask(plugin, word, methods);
    };

    // Before the editor sees the key, whatever it would do with it.
    const onKey = (event) => {
        if (!open || list.hidden || event.isComposing || event.target !== open.editor) return;
        if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
        const { chosen, options } = open;
        if (event.key === "ArrowDown") select(chosen + 1);
        else if (event.key === "ArrowUp") select(chosen < 0 ? options.length - 1 : chosen - 1);
        else if (event.key === "Enter" && chosen >= 0) choose(chosen);
        else if (event.key === "Escape") {
            dismissed = last;
            close();
        } else return;
        event.preventDefault();
        event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", onKey, true);

    // The mouse must not take the caret away.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option && open) choose([...list.children].indexOf(option));
    });
    document.addEventListener("focusout", () => setTimeout(() => open && document.activeElement !== open.editor && close()));
    window.addEventListener("resize", () => close());
    document.addEventListener("scroll", (event) => open && event.target !== list && close(), true);

    window.draftail.registerPlugin(
        {
            type: "hashtags",
            decorators: [{ strategy: highlight, component: Highlighted }],
            onChange(state, methods) {
                follow(this, state, methods);
                return state;
            },
        },
        "plugins",
    );
})();
