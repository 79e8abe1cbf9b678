/**
 * What the rule builder adds to Wagtail's StreamField editor: four telepath classes and two Stimulus controllers.
 */
(function () {
  const { Controller } = window.StimulusModule;
  const { StreamBlock, StreamBlockDefinition, StructBlockDefinition } = window.wagtailStreamField.blocks;

  /** The outermost group: it needs no panel of its own, and shows errors of the rule as a whole. */
  class RuleDefinition extends StructBlockDefinition {
    constructor(...parts) {
      super(...parts);
      this.collapsible = false;
    }

    render(placeholder, prefix, state, error) {
      const rule = super.render(placeholder, prefix, state, error);
      // Wagtail looks for the element of an outermost block, which so far only streams have.
      rule.element = rule.element || rule.container[0];
      if (error?.messages?.length) rule.setError({ messages: error.messages });
      return rule;
    }
  }

  /** Let one type at once what to search for, as soon as the search is there. */
  function focusSearch(element, attempts) {
    const isOpen = element.querySelector('button').getAttribute('aria-expanded') === 'true';
    const search = isOpen && element.querySelector('[role="combobox"]');
    if (search) search.focus();
    if (attempts && document.activeElement !== search) {
      requestAnimationFrame(() => focusSearch(element, attempts - 1));
    }
  }

  /** A list of conditions whose last "add" button says in words what it does. */
  class Conditions extends StreamBlock {
    _createInsertionControl(placeholder, options) {
      const control = super._createInsertionControl(placeholder, options);
      const button = control.element.querySelector('button');
      if (button) {
        const words = document.createElement('span');
        words.className = 'personalize-rule__add';
        words.textContent = this.blockDef.meta.addLabel;
        button.append(words);
        button.title = this.blockDef.meta.addLabel;
        button.addEventListener('click', () => focusSearch(control.element, 20));
      }
      return control;
    }
  }

  class ConditionsDefinition extends StreamBlockDefinition {
    constructor(name, groups, states, meta) {
      super(name, groups, states, meta);
      // Blocks of these types are shown where they are stored, but never offered.
      this.groupedChildBlockDefs = groups
        .map(([group, blocks]) => [group, blocks.filter((block) => !meta.notOffered.includes(block.name))])
        .filter(([, blocks]) => blocks.length);
    }

    render(placeholder, prefix, state, error) {
      return new Conditions(this, placeholder, prefix, state, error);
    }
  }

  /** A part of a rule that is kept as it is: its JSON in a hidden input, its sentence to read. */
  class BoundStored {
    constructor(element) {
      this.element = element;
      this.input = element.querySelector('input');
      this.shown = element.querySelector('[data-personalize-sentence]');
      this.idForLabel = null;
    }

    getState() {
      return { json: this.input.value, sentence: this.shown.textContent };
    }

    setState(state) {
      this.input.value = state?.json || '{}';
      this.shown.textContent = state?.sentence || '';
    }

    getValue() {
      return this.input.value;
    }

    getTextLabel() {
      return this.shown.textContent;
    }

    setInvalid() {}

    focus() {}
  }

  class Stored {
    constructor(html) {
      this.html = html;
    }

    render(placeholder, name, id, initialState) {
      const holder = document.createElement('template');
      holder.innerHTML = this.html.replace(/__NAME__/g, name).replace(/__ID__/g, id).trim();
      const element = holder.content.firstElementChild;
      placeholder.replaceWith(element);
      const bound = new BoundStored(element);
      bound.setState(initialState);
      return bound;
    }
  }

  /** One condition: shows only the fields that the chosen operator needs. */
  class ConditionController extends Controller {
    static values = {
      // {operator: {fields: ["values"], limit: 1}}
      shapes: { type: Object, default: {} },
    };

    connect() {
      this.choose();
    }

    field(name) {
      return this.element.querySelector(`:scope > [data-contentpath="${name}"]`);
    }

    choose() {
      const operator = this.field('operator')?.querySelector('select');
      if (!operator) return;
      const shape = this.shapesValue[operator.value] || { fields: [], limit: 0 };
      this.element.querySelectorAll(':scope > [data-contentpath]').forEach((field) => {
        const name = field.getAttribute('data-contentpath');
        // eslint-disable-next-line no-param-reassign
        field.hidden = name !== 'operator' && !shape.fields.includes(name);
      });
      const picker = this.field('values')?.querySelector('[data-controller~="personalize-picker"]');
      if (picker) picker.setAttribute('data-personalize-picker-limit-value', shape.limit || 0);
    }
  }

  /** The panel that says, while the rule is being edited, how it reads and how many people it means. */
  class LiveController extends Controller {
    static targets = ['result'];

    static values = { url: String, delay: { type: Number, default: 600 } };

    connect() {
      this.form = this.element.closest('form');
      this.later = () => {
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => this.ask(), this.delayValue);
      };
      // Blocks that are added, moved or removed send no event of their own, so their hidden fields are watched.
      this.watcher = new MutationObserver(this.later);
      const builder = this.form.querySelector('[data-personalize-rule]') || this.form;
      this.watcher.observe(builder, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['value', 'aria-hidden', 'data-personalize-picker-items-value'],
      });
      this.form.addEventListener('change', this.later);
      this.form.addEventListener('input', this.later);
      this.later();
    }

    disconnect() {
      clearTimeout(this.waiting);
      this.watcher.disconnect();
      this.form.removeEventListener('change', this.later);
      this.form.removeEventListener('input', this.later);
    }

    async ask() {
      const data = new FormData(this.form);
      const key = JSON.stringify([...data].filter(([name]) => !name.startsWith('csrf')));
      if (key === this.asked) return;
      this.asked = key;
      this.element.setAttribute('aria-busy', 'true');
      this.running?.abort();
      this.running = new AbortController();
      try {
        const response = await fetch(this.urlValue, {
          method: 'POST',
          body: data,
          headers: { 'X-Requested-With': 'XMLHttpRequest' },
          signal: this.running.signal,
        });
        if (!response.ok) throw new Error(response.statusText);
        this.resultTarget.innerHTML = await response.text();
        this.element.removeAttribute('aria-busy');
      } catch (error) {
        if (error.name === 'AbortError') return;
        this.asked = null;
        this.element.removeAttribute('aria-busy');
      }
    }
  }

  window.telepath.register('wagtail_personalize.Stored', Stored);
  window.telepath.register('wagtail_personalize.Rule', RuleDefinition);
  window.telepath.register('wagtail_personalize.Conditions', ConditionsDefinition);
  window.wagtail.app.register('personalize-condition', ConditionController);
  window.wagtail.app.register('personalize-live', LiveController);
})();
