/**
 * Who something is for, chosen with two pickers and two times; says in words what was chosen and how many people that is.
 *
 * The pickers keep the values (see value-picker.js). Here is only the sentence below them, and the class by which the
 * control stands in a StreamField.
 */
(function () {
  const { Controller } = window.StimulusModule;
  const ITEMS = 'data-personalize-picker-items-value';

  const part = (element, name) => element.querySelector(`[data-part="${name}"]`);
  const picker = (element, name) => part(element, name).querySelector(`[${ITEMS}]`);
  const items = (element, name) => JSON.parse(picker(element, name).getAttribute(ITEMS) || '[]');

  class AudienceController extends Controller {
    static targets = ['summary', 'reach'];

    static values = { reachUrl: String, words: { type: Object, default: {} } };

    connect() {
      this.summaryTarget.textContent = this.sentence();
    }

    disconnect() {
      clearTimeout(this.waiting);
    }

    changed() {
      this.summaryTarget.textContent = this.sentence();
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.askReach(), 400);
    }

    sentence() {
      const words = this.wordsValue;
      const labels = (name) => items(this.element, name).map((item) => item.label).join(` ${words.or} `);
      const parts = [labels('include') || words.everyone];
      if (labels('exclude')) parts.push(`${words.not} ${labels('exclude')}`);
      for (const [name, word] of [['starts', words.from], ['ends', words.until]]) {
        const moment = part(this.element, name)?.value;
        if (moment) parts.push(`${word} ${new Date(moment).toLocaleString(document.documentElement.lang || undefined, { dateStyle: 'medium', timeStyle: 'short' })}`);
      }
      return `${parts.join(', ')}.`;
    }

    async askReach() {
      const address = new URL(this.reachUrlValue, window.location.href);
      for (const name of ['include', 'exclude']) {
        items(this.element, name).forEach((item) => address.searchParams.append(name, item.value));
      }
      const asked = address.href;
      this.asked = asked;
      const said = await fetch(asked, { headers: { 'X-Requested-With': 'XMLHttpRequest' } })
        .then((response) => (response.ok ? response.json() : null))
        .catch(() => null);
      if (this.asked !== asked) return;
      this.reachTarget.textContent = said?.problem || (said ? this.wordsValue.reaches.replace('%s', said.reach) : this.wordsValue.unavailable);
    }
  }

  /** The control inside a block. Its state is what the server's `format_value` gives. */
  class BoundAudience {
    constructor(element) {
      this.element = element;
      this.idForLabel = element.querySelector('input[type="text"]').id;
    }

    getState() {
      return {
        include: items(this.element, 'include'),
        exclude: items(this.element, 'exclude'),
        starts: part(this.element, 'starts')?.value || '',
        ends: part(this.element, 'ends')?.value || '',
      };
    }

    setState(state) {
      for (const name of ['include', 'exclude']) {
        picker(this.element, name).setAttribute(ITEMS, JSON.stringify(state?.[name] || []));
      }
      for (const name of ['starts', 'ends']) {
        const input = part(this.element, name);
        if (!input) continue;
        input.value = state?.[name] || '';
        if (input.value) input.closest('details').open = true;
      }
    }

    getValue() {
      const state = this.getState();
      const values = (name) => state[name].map((item) => item.value);
      return { include: values('include'), exclude: values('exclude'), starts: state.starts, ends: state.ends };
    }

    getTextLabel() {
      return this.getState().include.map((item) => item.label).join(', ');
    }

    setInvalid(invalid) {
      this.element.querySelectorAll('input').forEach((input) => {
        if (invalid) input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
      });
    }

    focus() {
      this.element.querySelector('input[type="text"]').focus();
    }
  }

  class AudienceInput {
    constructor(html) {
      this.html = html;
    }

    render(placeholder, name, id, initialState) {
      const holder = document.createElement('template');
      holder.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
      const element = holder.content.firstElementChild;
      const bound = new BoundAudience(element);
      bound.setState(initialState);
      placeholder.replaceWith(element);
      return bound;
    }
  }

  window.telepath.register('wagtail_personalize.AudienceInput', AudienceInput);
  window.wagtail.app.register('personalize-audience', AudienceController);
})();
