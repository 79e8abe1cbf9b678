/* Tells what is read, never by whom beyond the signed token: impressions, the view, engaged time, scrolling, clicks,
 * media, and whether the last visit was a bounce. Begins after `load`; without `sendBeacon` it does nothing. */
(() => {
    "use strict";
    const { token, page, tokens, url } = document.currentScript.dataset;
    const IMPRESSION = 1, VIEW = 2, ENGAGED = 3, SCROLL = 4, CLICK = 5, DOWNLOAD = 6, MEDIA = 7, VISIT = 15;
    const MOST_EVENTS = 20, MOST_ENGAGED = 1800, STORED = "measure-visit";
    const FILES = /\/documents\/\d+\/|\.(pdf|zip|csv|mp[34]|od[tsp]|docx?|xlsx?|pptx?)$/i;
    if (navigator.doNotTrack === "1" || navigator.globalPrivacyControl || !navigator.sendBeacon) return;

    let signature, view, events = [], number = 0, engaged = 0, told = 0, next = 15, depth = 0, beats = 0, visit;
    let input = performance.now(), before = input;

    const add = (kind, value, teaser) => events.push([number++, kind, value ?? null].concat(teaser || []));

    function send() {
        while (events.length) {
            const body = `${signature}\n${JSON.stringify({ ...view, e: events.slice(0, MOST_EVENTS) })}`;
            if (!navigator.sendBeacon(url, body)) return;
            events.splice(0, MOST_EVENTS);
        }
    }

    /* Visits are put together here, so that no server knows which pages belong to one. */
    function remember(acted) {
        if (!visit) return;
        visit.last = Date.now();
        visit.engaged = Math.max(visit.engaged, engaged);
        visit.acted = visit.acted || acted;
        try { localStorage.setItem(STORED, JSON.stringify(visit)); } catch { visit = null; }
    }

    function arrive() {
        const now = Date.now();
        try { visit = JSON.parse(localStorage.getItem(STORED)); } catch { visit = null; }
        if (visit && (now - visit.last > 18e5 || now - visit.start > 432e5)) {
            add(VISIT, visit.views === 1 && visit.engaged < 10 && !visit.acted ? 1 : 0);
            visit = null;
        }
        visit = visit || { start: now, views: 0, engaged: 0 };
        visit.views++;
        remember(false);
    }

    const timers = new Map(), known = new WeakSet();
    const seen = new IntersectionObserver((entries) => entries.forEach(({ target, intersectionRatio }) => {
        clearTimeout(timers.get(target));
        if (intersectionRatio >= 0.5) timers.set(target, setTimeout(() => {
            seen.unobserve(target);
            if (!document.hidden) add(IMPRESSION, null, target.dataset.measureTeaser);
        }, 1000));
    }), { threshold: [0, 0.5] });

    function watch() {
        document.querySelectorAll("[data-measure-teaser]").forEach((teaser) => {
            if (!known.has(teaser)) { known.add(teaser); seen.observe(teaser); }
        });
    }

    function scrolled() {
        const whole = document.documentElement.scrollHeight;
        const quarter = Math.floor((scrollY + innerHeight + 2) / whole * 4) * 25;
        if (quarter > depth) add(SCROLL, depth = Math.min(100, quarter));
    }

    function tellEngaged() {
        const seconds = Math.min(MOST_ENGAGED, Math.floor(engaged));
        if (seconds > told) add(ENGAGED, told = seconds);
    }

    function beat() {
        const now = performance.now(), passed = Math.min(2, (now - before) / 1000);
        before = now;
        if (!document.hidden && document.hasFocus() && now - input < 6e4) {
            engaged += passed;
            scrolled();
        }
        watch();
        if (engaged >= next) { tellEngaged(); next *= 2; }
        if (++beats % 5 === 0) { remember(false); send(); }
    }

    function clicked({ target }) {
        const link = target.closest && target.closest("a[href]");
        if (!link || link.closest("nav, header, footer, [data-measure-ignore]")) return;
        if (link.getAttribute("href").startsWith("#")) return;
        add(link.hasAttribute("download") || FILES.test(link.pathname) ? DOWNLOAD : CLICK);
        remember(true);
    }

    function leave() {
        if (!document.hidden) return;
        tellEngaged();
        remember(false);
        send();
    }

    function begin(signed) {
        const random = crypto.getRandomValues(new Uint8Array(16));
        const via = new URLSearchParams(location.search).get("via");
        signature = signed;
        view = {
            t: Math.floor(Date.now() / 1000),
            l: Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join(""),
            c: via || (document.referrer.startsWith(location.origin + "/") ? "site" : ""),
        };
        add(VIEW);
        arrive();
        watch();
        ["pointerdown", "pointermove", "keydown", "scroll", "touchstart"].forEach((kind) =>
            addEventListener(kind, () => { input = performance.now(); }, { passive: true, capture: true }));
        addEventListener("click", clicked, true);
        addEventListener("auxclick", clicked, true);
        const played = new WeakSet();
        addEventListener("play", ({ target }) => {
            if (!played.has(target)) { played.add(target); add(MEDIA); remember(true); }
        }, true);
        document.addEventListener("visibilitychange", leave);
        addEventListener("pagehide", () => { tellEngaged(); send(); });
        setInterval(beat, 1000);
        send();
    }

    async function fetchToken() {
        const answer = await fetch(`${tokens}?page=${encodeURIComponent(page)}`, { credentials: "same-origin" });
        if (answer.status === 200) begin(await answer.text());
    }

    const start = () => setTimeout(() => (token ? begin(token) : fetchToken().catch(() => {})), 0);
    const loaded = () => (document.readyState === "complete" ? start() : addEventListener("load", start));
    if (document.prerendering) document.addEventListener("prerenderingchange", loaded, { once: true });
    else loaded();
})();
