/**
 * Keeps the progress page of an import up to date, and goes on to the next page when the work has ended.
 *
 * Asks once a second, less often when the answer does not come, and not at all while nobody looks at the page.
 */
(function () {
  const { Controller } = window.StimulusModule;
  const SECOND = 1000;

  class ImportProgressController extends Controller {
    static targets = ['sentence', 'bar'];

    static values = { url: String, interrupted: Boolean };

    connect() {
      this.failures = 0;
      this.again();
    }

    disconnect() {
      clearTimeout(this.waiting);
    }

    again() {
      this.waiting = setTimeout(() => this.ask(), SECOND * Math.min(2 ** this.failures, 30));
    }

    async ask() {
      if (!document.hidden) {
        try {
          const response = await fetch(this.urlValue, { headers: { 'X-Requested-With': 'XMLHttpRequest' } });
          if (!response.ok) throw new Error(response.statusText);
          this.failures = 0;
          if (this.show(await response.json())) return;
        } catch {
          this.failures += 1;
        }
      }
      if (this.element.isConnected) this.again();
    }

    /** Shows an answer; true when the page is left. */
    show(answer) {
      if (answer.next) {
        window.location.assign(answer.next);
        return true;
      }
      if (answer.interrupted !== this.interruptedValue) {
        window.location.reload();
        return true;
      }
      if (this.sentenceTarget.textContent !== answer.sentence) this.sentenceTarget.textContent = answer.sentence;
      if (answer.total) {
        this.barTarget.max = answer.total;
        this.barTarget.value = answer.done;
      }
      return false;
    }
  }

  window.wagtail.app.register('personalize-import-progress', ImportProgressController);
})();
