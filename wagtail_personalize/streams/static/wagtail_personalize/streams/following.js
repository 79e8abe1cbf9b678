// Makes following and shortcuts smoother; everything works without it.
(() => {
    "use strict";

    // One open menu at a time; Escape and a click elsewhere close it.
    const menus = () => document.querySelectorAll(".wp-follow__more[open]");

    document.addEventListener("click", (event) => {
        menus().forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
    });

    document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        menus().forEach((menu) => {
            menu.removeAttribute("open");
            menu.querySelector("summary").focus();
        });
    });

    // What was pressed is gone after an answer was put in its place: the focus goes to what stands there now.
    let pressed = null;

    document.addEventListener("htmx:beforeRequest", (event) => {
        const button = document.activeElement;
        pressed = event.target.contains(button) ? button.id || event.target.querySelector("[id]")?.id : null;
    });

    document.addEventListener("htmx:afterSettle", () => {
        const there = pressed && document.getElementById(pressed);
        if (there) (there.disabled ? there.parentElement.querySelector("button:not([disabled])") : there)?.focus();
        pressed = null;
        prepare();
    });

    // Shortcuts can be dragged; the arrows beside them do the same by keyboard and touch.
    let held = null;

    const prepare = () => {
        document.querySelectorAll("[data-wp-shortcuts] > li:not([draggable])").forEach((item) => {
            item.draggable = true;
        });
    };

    const listOf = (target) => target.closest && target.closest("[data-wp-shortcuts]");

    document.addEventListener("dragstart", (event) => {
        held = listOf(event.target) ? event.target.closest("[data-wp-shortcut]") : null;
        if (held) held.classList.add("wp-shortcuts__item--held");
    });

    document.addEventListener("dragover", (event) => {
        const over = held && event.target.closest && event.target.closest("[data-wp-shortcut]");
        if (!over || listOf(over) !== listOf(held)) return;
        event.preventDefault();
        if (over === held) return;
        const { top, height } = over.getBoundingClientRect();
        over[event.clientY < top + height / 2 ? "before" : "after"](held);
    });

    document.addEventListener("dragend", () => {
        if (!held) return;
        held.classList.remove("wp-shortcuts__item--held");
        const list = listOf(held);
        const items = [...list.querySelectorAll("[data-wp-shortcut]")];
        const form = list.closest("form");
        const data = new FormData(form);
        data.set("do", "order");
        data.set("order", items.map((item) => item.dataset.wpShortcut).join(","));
        const words = { name: held.querySelector(".wp-shortcuts__link").textContent.trim(), place: items.indexOf(held) + 1, number: items.length };
        const said = form.querySelector("[data-wp-said]");
        held = null;
        fetch(form.action, { method: "POST", body: data, credentials: "same-origin", headers: { "HX-Request": "true" } })
            .then((response) => (response.ok ? response.text() : Promise.reject(response)))
            .then((text) => {
                const box = new DOMParser().parseFromString(text, "text/html").querySelector(".wp-shortcuts__box");
                form.closest(".wp-shortcuts__box").replaceWith(box);
                if (window.htmx) window.htmx.process(box);
                prepare();
                const status = box.querySelector("[data-wp-said]");
                const moved = list.dataset.wpMoved || "";
                status.textContent = moved.replace(/%\((\w+)\)s/g, (_all, name) => words[name]);
            })
            .catch(() => window.location.reload());
        if (said) said.textContent = "";
    });

    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepare);
    else prepare();
})();
