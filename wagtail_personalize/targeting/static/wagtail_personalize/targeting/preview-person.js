/**
 * Previews as a colleague: or as another combination of segments: what is picked becomes one more mode of Wagtail's preview.
 */
(function () {
  const { Controller } = window.StimulusModule;

  class PreviewPersonController extends Controller {
    static values = { separator: String, label: { type: String, default: '%s' }, kind: { type: String, default: 'person' } };

    get select() {
      return this.element.closest('.w-preview').querySelector('[data-w-preview-target~="mode"]');
    }

    choose(event) {
      const picker = this.element.querySelector('[data-controller~="personalize-picker"]');
      if (!picker || !picker.contains(event.target) || event.target.type !== 'hidden') return;
      const [person] = JSON.parse(picker.getAttribute('data-personalize-picker-items-value') || '[]');
      const [own] = this.select.value.split(this.separatorValue);
      this.option?.remove();
      this.option = null;
      if (person) {
        this.option = new Option(this.labelValue.replace('%s', () => person.label), `${own}${this.separatorValue}${this.kindValue}:${person.value}`);
        this.select.append(this.option);
        this.select.value = this.option.value;
      } else if (!this.select.value) {
        this.select.value = own;
      }
      this.select.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }

  window.wagtail.app.register('personalize-preview-person', PreviewPersonController);
})();
