/**
 * A field for one or several values with a search: tokens, a text box and a list of suggestions.
 *
 * The hidden input carries the chosen values as a JSON list, so the form works the same however it is sent. What is
 * shown comes from the Stimulus value `items` ([{value, label, missing}]); the suggestions come from a URL that is
 * asked as one types; each may have a `detail` shown behind it and a `group` it stands under. Keyboard: arrows, Page Up,
 * Page Down and Enter choose, Escape closes, Backspace takes the last value away. With a `recent` value the browser
 * remembers under that name what was chosen last, and offers it first as long as it is among the suggestions.
 */
(function () {
  const { Controller } = window.StimulusModule;
  const answers = new Map();
  let pickers = 0;

  async function suggestionsFrom(url, source, search) {
    const address = new URL(url, window.location.href);
    address.searchParams.set('source', source);
    address.searchParams.set('q', search);
    if (!answers.has(address.href)) {
      const answer = fetch(address, { headers: { 'X-Requested-With': 'XMLHttpRequest' } })
        .then((response) => (response.ok ? response.json() : { values: [] }))
        .catch(() => ({ values: [] }));
      answers.set(address.href, answer);
    }
    return (await answers.get(address.href)).values;
  }

  const MOST_RECENT = 5;
  const PAGE = 10;

  /** What was chosen last in this browser; where it may not be kept, nothing. */
  function recentValues(name) {
    try {
      const kept = JSON.parse(localStorage.getItem(`personalize-recent-${name}`) || '[]');
      return Array.isArray(kept) ? kept : [];
    } catch {
      return [];
    }
  }

  function remember(name, value) {
    const kept = [value, ...recentValues(name).filter((other) => other !== value)].slice(0, MOST_RECENT);
    try {
      localStorage.setItem(`personalize-recent-${name}`, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing offers the list in its usual order.
    }
  }

  function icon(name) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('class', `icon icon-${name}`);
    svg.setAttribute('aria-hidden', 'true');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
    use.setAttribute('href', `#icon-${name}`);
    svg.append(use);
    return svg;
  }

  class PickerController extends Controller {
    static targets = ['carrier', 'tokens', 'entry', 'list', 'status'];

    static values = {
      items: { type: Array, default: [] },
      url: String,
      source: String,
      free: Boolean,
      typedFirst: Boolean,
      limit: { type: Number, default: 0 },
      recent: String,
      text: { type: Object, default: {} },
    };

    connect() {
      pickers += 1;
      this.listTarget.id = `personalize-picker-list-${pickers}`;
      this.entryTarget.setAttribute('aria-controls', this.listTarget.id);
      this.suggestions = [];
      this.active = -1;
    }

    disconnect() {
      clearTimeout(this.waiting);
    }

    // Showing what is chosen

    itemsValueChanged() {
      this.carrierTarget.value = JSON.stringify(this.itemsValue.map((item) => item.value));
      this.tokensTarget.replaceChildren(...this.itemsValue.map((item, index) => this.token(item, index)));
      this.limitValueChanged();
    }

    limitValueChanged() {
      const full = this.limitValue > 0 && this.itemsValue.length >= this.limitValue;
      this.element.classList.toggle('personalize-picker--full', full);
      this.entryTarget.hidden = full;
      if (full) this.close();
    }

    token(item, index) {
      const token = document.createElement('li');
      token.className = 'personalize-picker__token';
      if (item.missing) {
        token.classList.add('personalize-picker__token--missing');
        token.title = this.textValue.missing || '';
      }
      const label = document.createElement('span');
      label.textContent = item.label;
      const remove = document.createElement('button');
      remove.type = 'button';
      remove.setAttribute('aria-label', `${this.textValue.remove} ${item.label}`);
      remove.append(icon('cross'));
      remove.addEventListener('click', () => this.remove(index));
      token.append(label, remove);
      return token;
    }

    // Choosing

    add(item) {
      if (!this.itemsValue.some((other) => other.value === item.value)) {
        this.itemsValue = [...this.itemsValue, { value: item.value, label: item.label }];
        if (this.recentValue) remember(this.recentValue, item.value);
        this.say(`${item.label} ${this.textValue.added}`);
        this.tell();
      }
      this.entryTarget.value = '';
      this.close();
      if (!this.entryTarget.hidden) this.entryTarget.focus();
      else this.tokensTarget.querySelector('li:last-child button')?.focus();
    }

    remove(index) {
      const [gone] = this.itemsValue.slice(index, index + 1);
      this.itemsValue = this.itemsValue.filter((_, other) => other !== index);
      this.say(`${gone.label} ${this.textValue.removed}`);
      this.tell();
      this.entryTarget.focus();
    }

    /** Tell the form, as an ordinary field does. */
    tell() {
      this.carrierTarget.dispatchEvent(new Event('change', { bubbles: true }));
    }

    say(sentence) {
      this.statusTarget.textContent = sentence;
    }

    // Suggestions

    focusEntry(event) {
      if (event.target === this.element || event.target === this.tokensTarget) this.entryTarget.focus();
    }

    search() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.suggest(), 150);
    }

    async suggest() {
      const typed = this.entryTarget.value.trim();
      const values = await suggestionsFrom(this.urlValue, this.sourceValue, typed);
      if (document.activeElement !== this.entryTarget || typed !== this.entryTarget.value.trim()) return;
      const chosen = new Set(this.itemsValue.map((item) => item.value));
      this.suggestions = values.filter((item) => !chosen.has(item.value));
      if (this.recentValue && !typed) this.suggestions = this.recentFirst(this.suggestions);
      const listed = values.some((item) => item.label.toLowerCase() === typed.toLowerCase());
      if (this.freeValue && typed && !listed) {
        const itself = { value: typed, label: typed, typed: true };
        if (this.typedFirstValue) this.suggestions.unshift(itself);
        else this.suggestions.push(itself);
      }
      this.suggestedFor = typed;
      this.open();
    }

    recentFirst(items) {
      const recent = recentValues(this.recentValue)
        .map((value) => items.find((item) => item.value === value))
        .filter(Boolean);
      const others = items.filter((item) => !recent.includes(item));
      return [...recent.map((item) => ({ ...item, group: this.textValue.recent })), ...others];
    }

    open() {
      let group = null;
      const options = this.suggestions.flatMap((item, index) => {
        const option = document.createElement('li');
        option.id = `${this.listTarget.id}-${index}`;
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.textContent = item.typed ? this.textValue.use.replace('%s', () => item.label) : item.label;
        option.addEventListener('pointerdown', (event) => {
          event.preventDefault();
          this.add(item);
        });
        if (item.detail) {
          const detail = document.createElement('span');
          detail.className = 'personalize-picker__detail';
          detail.textContent = item.detail;
          option.append(' ', detail);
        }
        if (!item.group || item.group === group) return [option];
        group = item.group;
        const heading = document.createElement('li');
        heading.className = 'personalize-picker__group';
        heading.setAttribute('role', 'presentation');
        heading.textContent = group;
        return [heading, option];
      });
      if (!options.length) {
        const nothing = document.createElement('li');
        nothing.className = 'personalize-picker__nothing';
        nothing.textContent = this.textValue.nothing;
        options.push(nothing);
      }
      this.listTarget.replaceChildren(...options);
      this.listTarget.hidden = false;
      this.entryTarget.setAttribute('aria-expanded', 'true');
      this.point(this.entryTarget.value.trim() && this.suggestions.length ? 0 : -1);
      this.say(this.textValue.results.replace('%s', () => this.suggestions.length));
    }

    close() {
      clearTimeout(this.waiting);
      this.listTarget.hidden = true;
      this.entryTarget.setAttribute('aria-expanded', 'false');
      this.point(-1);
    }

    point(index) {
      this.active = index;
      const options = [...this.listTarget.querySelectorAll('[role="option"]')];
      options.forEach((option, other) => option.setAttribute('aria-selected', String(other === index)));
      if (index >= 0 && options[index]) {
        this.entryTarget.setAttribute('aria-activedescendant', options[index].id);
        options[index].scrollIntoView({ block: 'nearest' });
      } else {
        this.entryTarget.removeAttribute('aria-activedescendant');
      }
    }

    keydown(event) {
      const count = this.suggestions.length;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        if (this.listTarget.hidden) {
          this.suggest();
        } else if (count) {
          const step = event.key === 'ArrowDown' ? 1 : -1;
          this.point((this.active + step + count) % count);
        }
      } else if ((event.key === 'PageDown' || event.key === 'PageUp') && count && !this.listTarget.hidden) {
        event.preventDefault();
        const step = event.key === 'PageDown' ? PAGE : -PAGE;
        this.point(Math.max(0, Math.min(count - 1, this.active + step)));
      } else if (event.key === 'Enter') {
        // Enter chooses; it never sends the form from here.
        event.preventDefault();
        this.commit();
      } else if (event.key === 'Escape' && !this.listTarget.hidden) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      } else if (event.key === 'Backspace' && !this.entryTarget.value && this.itemsValue.length) {
        this.remove(this.itemsValue.length - 1);
      }
    }

    /** Take the suggestion that is pointed at. Whoever types faster than suggestions come gets the same as if waiting. */
    async commit() {
      const typed = this.entryTarget.value.trim();
      if (this.listTarget.hidden || this.suggestedFor !== typed) {
        if (!typed) return;
        await this.suggest();
      }
      const chosen = this.suggestions[this.active];
      if (chosen) this.add(chosen);
    }

    leave() {
      const typed = this.entryTarget.value.trim();
      this.close();
      if (typed && this.freeValue) {
        // What was typed is not lost by going on to the next field.
        this.itemsValue = [...this.itemsValue, { value: typed, label: typed }];
        this.entryTarget.value = '';
        this.tell();
      }
    }
  }

  /** The same field inside a block: what a block's state needs, by way of the element's own attribute. */
  class BoundPicker {
    constructor(element) {
      this.element = element;
      this.entry = element.querySelector('input[type="text"]');
      this.idForLabel = this.entry.id;
    }

    get items() {
      return JSON.parse(this.element.getAttribute('data-personalize-picker-items-value') || '[]');
    }

    getState() {
      return this.items;
    }

    setState(items) {
      this.element.setAttribute('data-personalize-picker-items-value', JSON.stringify(items || []));
    }

    getValue() {
      return this.items.map((item) => item.value);
    }

    getTextLabel() {
      return this.items.map((item) => item.label).join(', ');
    }

    setInvalid(invalid) {
      if (invalid) this.entry.setAttribute('aria-invalid', 'true');
      else this.entry.removeAttribute('aria-invalid');
    }

    focus() {
      this.entry.focus();
    }
  }

  class Picker {
    constructor(html, { source, free, typedFirst, label }) {
      this.html = html;
      this.source = source;
      this.free = free;
      this.typedFirst = typedFirst;
      this.label = label;
    }

    render(placeholder, name, id, initialState) {
      const holder = document.createElement('template');
      holder.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
      const element = holder.content.firstElementChild;
      const bound = new BoundPicker(element);
      element.setAttribute('data-personalize-picker-source-value', this.source);
      element.setAttribute('data-personalize-picker-free-value', String(this.free));
      element.setAttribute('data-personalize-picker-typed-first-value', String(this.typedFirst));
      bound.entry.setAttribute('aria-label', `${this.label}: ${bound.entry.getAttribute('aria-label')}`);
      bound.setState(initialState);
      placeholder.replaceWith(element);
      return bound;
    }
  }

  window.telepath.register('wagtail_personalize.ValuePicker', Picker);
  window.wagtail.app.register('personalize-picker', PickerController);
})();
