/** The colors that Azure DevOps passes to its frames, as far as the pages use them. */
export const THEMES = {
  light: {
    'background-color': 'rgba(255, 255, 255, 1)',
    'text-primary-color': 'rgba(0, 0, 0, .9)',
    'text-secondary-color': 'rgba(0, 0, 0, .55)',
    'communication-foreground': 'rgba(0, 90, 158, 1)',
  },
  dark: {
    'background-color': 'rgba(32, 31, 30, 1)',
    'text-primary-color': 'rgba(255, 255, 255, 1)',
    'text-secondary-color': 'rgba(255, 255, 255, .7)',
    'communication-foreground': 'rgba(109, 172, 225, 1)',
  },
} as const;

export type Theme = keyof typeof THEMES;
