import { useLocalStorage } from '@mantine/hooks';

/** What an agent likes, kept in his browser. */

export function useSound() {
  return useLocalStorage({ key: 'baton.sound', defaultValue: true });
}

export function useDesktopNotices() {
  return useLocalStorage({ key: 'baton.desktop', defaultValue: false });
}

/** Is the details panel beside the conversation shown? */
export function usePanel() {
  return useLocalStorage({ key: 'baton.panel', defaultValue: true, getInitialValueInEffect: false });
}
