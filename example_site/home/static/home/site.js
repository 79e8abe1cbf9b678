/* What is nicer with JavaScript; everything works without.
   Light or dark: what the device says, until somebody presses the button. Runs in the head, so nothing flickers. */
(() => {
    const root = document.documentElement;
    const device = window.matchMedia("(prefers-color-scheme: dark)");
    const remembered = () => {
        try {
            return localStorage.getItem("theme");
        } catch {
            return null;
        }
    };
    const remember = (theme) => {
        try {
            localStorage.setItem("theme", theme);
        } catch {
            /* Private windows may forbid it: then the choice holds for this page. */
        }
    };
    const isDark = () => (root.dataset.theme || (device.matches ? "dark" : "light")) === "dark";

    const theme = remembered();
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;

    document.addEventListener("DOMContentLoaded", () => {
        const button = document.querySelector("[data-theme-button]");
        const account = document.querySelector("details.account");
        if (button) {
            const tell = () => button.setAttribute("aria-pressed", String(isDark()));
            button.hidden = false;
            tell();
            button.addEventListener("click", () => {
                root.dataset.theme = isDark() ? "light" : "dark";
                remember(root.dataset.theme);
                tell();
            });
        }
        if (window.matchMedia("(max-width: 780px)").matches) {
            for (const details of document.querySelectorAll("[data-closed-when-small]")) details.open = false;
        }
        if (account) {
            document.addEventListener("click", (event) => {
                if (!account.contains(event.target)) account.open = false;
            });
            account.addEventListener("keydown", (event) => {
                if (event.key !== "Escape") return;
                account.open = false;
                account.querySelector("summary").focus();
            });
        }
    });
})();
