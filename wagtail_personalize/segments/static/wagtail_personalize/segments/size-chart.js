/*
 * Draws the size of a segment over time with Chart.js. What is drawn stands in the Stimulus value `drawn`
 * ({label, days, heights, words}); the table below the canvas says the same, so the canvas is hidden from readers.
 */
(() => {
  const { Controller } = window.StimulusModule;

  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  class SizeChartController extends Controller {
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
      const { label, days, heights, words } = this.drawnValue;
      const line = colour('--w-color-secondary-100') || colour('--w-color-secondary');
      const text = colour('--w-color-text-meta');
      const grid = colour('--w-color-border-furniture');
      const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      this.chart = new window.Chart(this.canvasTarget, {
        type: 'line',
        data: {
          labels: days,
          datasets: [
            {
              label,
              data: heights,
              borderColor: line,
              backgroundColor: `color-mix(in srgb, ${line} 15%, transparent)`,
              borderWidth: 2,
              fill: true,
              pointRadius: days.length > 31 ? 0 : 3,
              pointHitRadius: 12,
            },
          ],
        },
        options: {
          animation: still ? false : { duration: 400 },
          maintainAspectRatio: false,
          interaction: { intersect: false, mode: 'index' },
          plugins: {
            legend: { display: false },
            tooltip: { displayColors: false, callbacks: { label: (item) => words[item.dataIndex] } },
          },
          scales: {
            x: { ticks: { color: text, maxTicksLimit: 6, maxRotation: 0 }, grid: { display: false } },
            y: { beginAtZero: true, ticks: { color: text, precision: 0, maxTicksLimit: 5 }, grid: { color: grid } },
          },
        },
      });
    }
  }

  window.wagtail.app.register('personalize-size-chart', SizeChartController);
})();
