/**
 * Who sees what, in the page editor: brought up to date when the panel is opened, and asked once more before publishing.
 *
 * The form is sent as it stands. If the answer names nothing to think about, or does not come, publishing goes on.
 */
(function () {
  const { Controller } = window.StimulusModule;
  const PUBLISH = 'button[name="action-publish"]';

  class WhoSeesController extends Controller {
    static targets = ['places', 'dialog'];

    static values = { url: String };

    connect() {
      this.beforePublishing = this.beforePublishing.bind(this);
      this.refresh = this.refresh.bind(this);
      this.panel = this.element.closest('[data-side-panel]');
      document.addEventListener('click', this.beforePublishing, true);
      this.panel?.addEventListener('show', this.refresh);
      this.dialog = this.dialogTarget;
      document.body.append(this.dialog); // a panel that is closed hides what is in it
      this.dialog.querySelector('[data-publish]').addEventListener('click', () => this.publish());
      this.dialog.querySelector('[data-back]').addEventListener('click', () => this.dialog.close());
    }

    disconnect() {
      this.dialog.remove();
      document.removeEventListener('click', this.beforePublishing, true);
      this.panel?.removeEventListener('show', this.refresh);
    }

    get form() {
      return document.querySelector('[data-edit-form]');
    }

    async ask() {
      if (!this.form) return null;
      const answer = await fetch(this.urlValue, {
        method: 'POST',
        body: new URLSearchParams([...new FormData(this.form)].filter(([, value]) => typeof value === 'string')),
        headers: { 'X-Requested-With': 'XMLHttpRequest' },
      }).then((response) => (response.ok ? response.json() : null)).catch(() => null);
      if (answer?.html) this.placesTarget.innerHTML = answer.html;
      return answer;
    }

    refresh() {
      this.ask();
    }

    async beforePublishing(event) {
      const button = event.target.closest?.(PUBLISH);
      if (!button || !this.form || button.form !== this.form) return;
      if (this.mayPublish) {
        this.mayPublish = false;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      if (this.asking) return;
      this.asking = true;
      const answer = await this.ask();
      this.asking = false;
      this.button = button;
      if (answer?.problems.length) this.warn(answer.problems);
      else this.publish();
    }

    warn(problems) {
      this.dialog.querySelector('[data-problems]').replaceChildren(...problems.map((sentence) => {
        const item = document.createElement('li');
        item.textContent = sentence;
        return item;
      }));
      this.dialog.showModal();
    }

    publish() {
      this.dialog.close();
      this.mayPublish = true;
      this.button.click();
    }
  }

  window.wagtail.app.register('personalize-who-sees', WhoSeesController);
})();
