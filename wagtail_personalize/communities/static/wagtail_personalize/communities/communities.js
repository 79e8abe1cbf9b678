// Comments, reactions and sharing, made smoother; everything works without it.
(() => {
    "use strict";

    const WAIT = 150;
    const TYPING = /(?:^|[\s([„“"'«])@([^\s@]+(?: [^\s@]+){0,2})$/u;
    const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);

    // One open menu at a time; Escape closes it and gives the focus back.
    const menus = () => document.querySelectorAll(".wp-reactions__more[open], .wp-share[open], .wp-comment__remove[open]");
    document.addEventListener("click", (event) => {
        menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || open) return;
        menus().forEach((menu) => {
            menu.removeAttribute("open");
            menu.querySelector("summary").focus();
        });
    });

    // --- What was sent is replaced: the focus goes to what is new, or to where it was. ---

    document.addEventListener("htmx:afterSettle", (event) => {
        const there = event.detail.elt;
        const fresh = there.querySelector?.("[data-wp-new]") || (there.matches?.("[data-wp-new]") ? there : null);
        const refused = there.querySelector?.("[aria-invalid]");
        const editing = there.matches?.(".wp-comment__body") ? there.querySelector("textarea") : null;
        (refused || editing || fresh)?.focus();
        if (fresh) fresh.removeAttribute("data-wp-new");
        prepare();
    });

    // A thread that was removed leaves nothing: the focus goes to the heading.
    document.addEventListener("htmx:afterSwap", (event) => {
        if (event.detail.xhr?.responseText === "") document.getElementById("wp-comments-heading")?.focus();
    });

    // --- Writing: the field grows, Ctrl+Enter sends, @ completes names. ---

    document.addEventListener("keydown", (event) => {
        const form = event.target.closest?.("[data-wp-write]");
        if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            form.requestSubmit();
        }
    });

    document.addEventListener("toggle", (event) => {
        if (event.target.matches?.(".wp-thread__answer[open]")) event.target.querySelector("textarea").focus();
    }, true);

    // One list for the whole page: there is one caret.
    const list = document.createElement("ul");
    list.className = "wp-names";
    list.id = "wp-names";
    list.setAttribute("role", "listbox");
    list.hidden = true;
    const status = document.createElement("div");
    status.className = "wp-visually-hidden";
    status.setAttribute("role", "status");

    let open = null; // { field, start, options, chosen }
    let dismissed = "";
    let nobody = null; // what was typed where no name fits; longer texts at that place fit none either
    let asked = null;
    let timer = 0;

    const close = () => {
        clearTimeout(timer);
        if (asked) asked.abort();
        asked = null;
        list.hidden = true;
        if (!open) return;
        ["aria-controls", "aria-activedescendant", "aria-autocomplete"].forEach((name) => open.field.removeAttribute(name));
        open = null;
    };

    const select = (number) => {
        open.chosen = (number + open.options.length) % open.options.length;
        [...list.children].forEach((option, place) => option.setAttribute("aria-selected", place === open.chosen));
        const option = list.children[open.chosen];
        option.scrollIntoView({ block: "nearest" });
        open.field.setAttribute("aria-activedescendant", option.id);
        status.textContent = option.textContent;
    };

    const choose = (number) => {
        const { field, start, options } = open;
        const { id, name } = options[number];
        const caret = field.selectionStart;
        close();
        field.setRangeText(`@${name} `, start, caret, "end");
        if (!field.form.querySelector(`input[name=mention][value="${CSS.escape(id)}"]`)) {
            const hidden = document.createElement("input");
            Object.assign(hidden, { type: "hidden", name: "mention", value: id });
            field.form.prepend(hidden);
        }
        dismissed = field.value.slice(start, field.selectionStart - 1);
        field.focus();
        grow(field);
    };

    const optionFor = ({ name, about }, number) => {
        const option = document.createElement("li");
        option.className = "wp-names__option";
        option.id = `wp-names-${number}`;
        option.setAttribute("role", "option");
        const called = document.createElement("span");
        called.textContent = name;
        const more = document.createElement("span");
        more.className = "wp-names__about";
        more.textContent = about ? ` ${about}` : "";
        option.append(called, more);
        return option;
    };

    const show = (field, start, options) => {
        const words = field.form.dataset;
        if (!options.length) {
            close();
            nobody = { start, name: typed(field)?.name };
            status.textContent = words.wpNone;
            return;
        }
        open = { field, start, options, chosen: -1 };
        field.after(list, status);
        list.setAttribute("aria-label", words.wpList);
        list.replaceChildren(...options.map(optionFor));
        list.hidden = false;
        field.setAttribute("aria-controls", list.id);
        field.setAttribute("aria-autocomplete", "list");
        status.textContent = fill(words.wpSome, { number: options.length });
    };

    const typed = (field) => {
        if (field.selectionStart !== field.selectionEnd) return null;
        const found = field.value.slice(0, field.selectionStart).match(TYPING);
        return found && { name: found[1], start: field.selectionStart - found[1].length - 1 };
    };

    const ask = (field) => {
        const word = typed(field);
        const isDone = word && `@${word.name}`.startsWith(dismissed || "\n");
        const isVain = word && nobody && nobody.start === word.start && word.name.startsWith(nobody.name);
        if (!word || isDone || isVain) {
            close();
            return;
        }
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (asked) asked.abort();
            asked = new AbortController();
            const url = `${field.form.dataset.wpPeople}?q=${encodeURIComponent(word.name)}`;
            fetch(url, { credentials: "same-origin", signal: asked.signal })
                .then((response) => (response.ok && !response.redirected ? response.json() : { people: [] }))
                .then(({ people }) => {
                    if (document.activeElement === field && typed(field)?.name === word.name) show(field, word.start, people);
                })
                .catch(() => {}); // aborted, or the server is away: the text is what counts
        }, WAIT);
    };

    const grow = (field) => {
        if (CSS.supports("field-sizing", "content")) return;
        field.rows = Math.min(Math.max(field.value.split("\n").length + 1, 2), 12);
    };

    document.addEventListener("input", (event) => {
        if (!event.target.matches?.(".wp-write__text")) return;
        grow(event.target);
        ask(event.target);
    });

    document.addEventListener("keydown", (event) => {
        if (!open || event.target !== open.field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        const { chosen, options } = open;
        if (event.key === "ArrowDown") select(chosen + 1);
        else if (event.key === "ArrowUp") select(chosen < 0 ? options.length - 1 : chosen - 1);
        else if (event.key === "Enter" && chosen >= 0) choose(chosen);
        else if (event.key === "Escape") {
            const word = typed(open.field);
            dismissed = word ? `@${word.name}` : "";
            close();
        } else return;
        event.preventDefault();
        event.stopImmediatePropagation();
    }, true);

    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option && open) choose([...list.children].indexOf(option));
    });
    document.addEventListener("focusout", (event) => {
        if (open && event.target === open.field) setTimeout(() => open && document.activeElement !== open.field && close());
    });

    // --- Sharing: copy the link; that somebody shared is told on. ---

    const tell = (menu) => {
        const token = menu.querySelector("[name=csrfmiddlewaretoken]");
        const body = new URLSearchParams({ csrfmiddlewaretoken: token ? token.value : "" });
        fetch(menu.dataset.wpShare, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
    };

    document.addEventListener("click", (event) => {
        const menu = event.target.closest?.("[data-wp-share]");
        if (!menu) return;
        if (event.target.closest(".wp-share__mail")) tell(menu);
        const button = event.target.closest(".wp-share__copy");
        if (!button) return;
        const field = menu.querySelector(".wp-share__link");
        field.select();
        const copying = navigator.clipboard ? navigator.clipboard.writeText(field.value) : Promise.reject();
        copying.catch(() => document.execCommand("copy")).then(() => {
            menu.querySelector("[role=status]").textContent = button.dataset.wpCopied;
            button.textContent = button.dataset.wpCopied;
            tell(menu);
        });
    });

    const prepare = () => {
        document.querySelectorAll(".wp-share__copy[hidden]").forEach((button) => { button.hidden = false; });
    };
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
    else prepare();
})();
