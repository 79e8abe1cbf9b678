/*
 * Draws the charts of the reports with Chart.js. What is drawn stands in the Stimulus value `drawn`
 * ({kind, labels, series: [{label, values}], isShare}); a table on the page says the same, so readers skip the canvas.
 * What is withheld is null and leaves a gap.
 */
(() => {
  const { Controller } = window.StimulusModule;
  const LONGEST = 28;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const short = (text) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

  class ChartController extends Controller {
    static targets = ['canvas'];

    static values = { drawn: Object };

    connect() {
      this.dark = window.matchMedia('(prefers-color-scheme: dark)');
      this.again = () => this.draw();
      this.dark.addEventListener('change', this.again);
      this.draw();
    }

    disconnect() {
      this.dark.removeEventListener('change', this.again);
      this.chart?.destroy();
    }

    draw() {
      this.chart?.destroy();
      const { kind, labels, series, isShare } = this.drawnValue;
      const lies = kind === 'bar' && labels.length > 5 && labels.some((label) => label.length > 8);
      this.element.classList.toggle('is-long', lies && labels.length > 8);
      this.chart = new window.Chart(this.canvasTarget, {
        type: kind,
        data: { labels, datasets: series.map((one, at) => this.dataset(one, at, kind)) },
        options: this.options(series, isShare, lies),
      });
    }

    dataset({ label, values }, at, kind) {
      const lines = [colour('--w-color-secondary-100') || colour('--w-color-secondary'), colour('--w-color-positive-100')];
      const line = lines[at % 2];
      return {
        label,
        data: values,
        borderColor: line,
        backgroundColor: `color-mix(in srgb, ${line} ${kind === 'bar' ? 70 : 12}%, transparent)`,
        borderWidth: kind === 'bar' ? 0 : 2,
        borderRadius: 3,
        borderDash: at && kind === 'line' ? [5, 4] : [],
        fill: kind === 'line' && at === 0,
        maxBarThickness: 28,
        pointRadius: values.length > 31 ? 0 : 3,
        pointHitRadius: 12,
      };
    }

    options(series, isShare, lies) {
      const text = colour('--w-color-text-meta');
      const grid = colour('--w-color-border-furniture');
      const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      const said = (value) => (isShare ? `${Math.round(value * 100)} %` : value.toLocaleString(document.documentElement.lang || 'en'));
      const names = { ticks: { color: text, maxRotation: 0, autoSkip: !lies }, grid: { display: false } };
      if (lies) names.ticks.callback = (value) => short(this.drawnValue.labels[value]);
      const numbers = {
        beginAtZero: true,
        ticks: { color: text, maxTicksLimit: 6, callback: said },
        grid: { color: grid },
        ...(isShare ? { max: 1 } : {}),
      };
      return {
        animation: still ? false : { duration: 400 },
        maintainAspectRatio: false,
        indexAxis: lies ? 'y' : 'x',
        interaction: { intersect: false, mode: 'index', axis: lies ? 'y' : 'x' },
        plugins: {
          legend: { display: series.length > 1, labels: { color: text, boxWidth: 14 } },
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${said(item.raw)}` } },
        },
        scales: lies ? { x: numbers, y: names } : { x: names, y: numbers },
      };
    }
  }

  window.wagtail.app.register('personalize-chart', ChartController);
})();
