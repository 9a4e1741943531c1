import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { t } from '#strings/strings.ts';

const iris: MantineColorsTuple = [
  '#f2f1fe',
  '#e4e2fc',
  '#cbc7fa',
  '#aea8f6',
  '#948df1',
  '#7d75ea',
  '#655de0',
  '#524ac8',
  '#453fa8',
  '#373388',
];
// Mantine's own `dark` is neutral grey; ours leans to the accent, so that surfaces and accent belong together.
const dark: MantineColorsTuple = [
  '#e6e6ec',
  '#b9bac5',
  '#9a9ba8',
  '#777885',
  '#41424e',
  '#31323c',
  '#26272f',
  '#191a1f',
  '#131418',
  '#0d0e11',
];

const CLOSE = { 'aria-label': t.close };
const OVERLAY = { backgroundOpacity: 0.32, blur: 1 };

export const theme = createTheme({
  primaryColor: 'iris',
  primaryShade: { light: 7, dark: 6 },
  colors: { iris, dark },
  black: '#1b1b22',
  fontFamily:
    'Inter, "Inter Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Open Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    InputWrapper: { styles: { description: { fontSize: '0.8125rem', lineHeight: 1.4, marginBottom: 2 } } },
    TextInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    Textarea: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, events: { hover: true, focus: true, touch: false } } },
    // Within the landmark of its button; and nothing but items takes the focus in it.
    Menu: { defaultProps: { shadow: 'md', radius: 'md', withinPortal: false, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { shadow: 'md', radius: 'md' } },
    Notification: { defaultProps: { closeButtonProps: CLOSE } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: 'lg',
        overlayProps: OVERLAY,
        closeButtonProps: CLOSE,
        transitionProps: { duration: 120 },
      },
      styles: { title: { fontWeight: 650, fontSize: '1rem' } },
    },
    Drawer: {
      defaultProps: { overlayProps: OVERLAY, closeButtonProps: CLOSE, transitionProps: { duration: 140 } },
      styles: { title: { fontWeight: 650, fontSize: '1rem' } },
    },
  },
});

/** Mantine's own variables from ours (global.css), so that both draw with the same colours. */
export const variables: CSSVariablesResolver = () => {
  const ours = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--dim)',
    '--mantine-color-placeholder': 'var(--faint)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default-border': 'var(--line-strong)',
  };
  return { variables: {}, light: ours, dark: ours };
};
