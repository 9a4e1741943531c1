import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { isPhone } from '#front/phone.ts';

/** On a phone the panel is the screen: the page behind stands still, and the panel ends where the keyboard begins. */
export function usePhoneViewport(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    const root = document.documentElement;
    const overflow = root.style.overflow;
    const fit = () => {
      const phone = isPhone();
      root.style.overflow = phone ? 'hidden' : overflow;
      panel.current?.style.setProperty('--top', phone && viewport ? `${viewport.offsetTop}px` : '0px');
      panel.current?.style.setProperty('--height', phone && viewport ? `${viewport.height}px` : '100dvh');
    };
    fit();
    viewport?.addEventListener('resize', fit);
    viewport?.addEventListener('scroll', fit);
    return () => {
      root.style.overflow = overflow;
      viewport?.removeEventListener('resize', fit);
      viewport?.removeEventListener('scroll', fit);
    };
  }, [panel]);
}
