// Curves by Plotly in the colours of the page.
import '/assets/plotly.js';

const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** Colours of curves that stand out from each other, in the light and in the dark. */
export const palette = () => isDark() ? { ink: '#e8eaed', real: '#55c7a6', generated: '#b39cff' }
  : { ink: '#1d2126', real: '#1f7a63', generated: '#6a4fc0' };

/** Colours of up to six runs. */
export const runColors = () => isDark() ? ['#7ea6f4', '#f0925c', '#83c492', '#cf9be6', '#5fc3cf', '#f28abf']
  : ['#2b63c6', '#cf5a1e', '#3b7a48', '#8a3fa8', '#0f7f8c', '#c2287e'];

/** Their dashes, which tell them apart without colours. */
export const dashes = ['', '9px 5px', '2px 4px', '12px 4px 2px 4px', '16px 4px', '5px 2px'];

/**
 * Draws curves anew.
 * @param {HTMLElement} element Where.
 * @param {{ name: string, x: number[], y: number[], color: string, mode?: string, dash?: string }[]} curves
 */
export function draw(element, curves, { legend = true } = {}) {
  const dark = isDark(), ink = dark ? '#a9b1ba' : '#565d66', line = dark ? '#3a4047' : '#e2e5e9';
  // New arrays, or Plotly takes them for unchanged.
  const traces = curves.map(({ name, x, y, color, mode = 'lines', dash = '' }) => ({
    x: [...x], y: [...y], name, mode, line: { color, width: 1.6, dash: dash || 'solid' }, marker: { color, size: 5 },
  }));
  Plotly.react(element, traces, {
    margin: { l: 44, r: 8, t: legend ? 30 : 8, b: 26 },
    paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)',
    font: { color: ink, size: 12, family: 'system-ui, sans-serif' },
    xaxis: { gridcolor: line, zeroline: false, fixedrange: true },
    yaxis: { gridcolor: line, rangemode: 'tozero', zerolinecolor: line, fixedrange: true },
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: 1.02, yanchor: 'bottom', bgcolor: 'rgba(0,0,0,0)' },
    showlegend: legend,
  }, { displayModeBar: false, responsive: true });
}
