/** What an open menu or dialog hides from screen readers is out of reach of the keyboard as well, and gets the focus back after it. */
export function startLayers() {
  const page = document.getElementById('app')
  let before: HTMLElement | undefined
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && page?.contains(target)) before = target
  })
  new MutationObserver((records) => {
    for (const { target } of records) (target as Element).toggleAttribute('inert', (target as Element).hasAttribute('data-aria-hidden'))
    // The layer gave the focus back while the page was still out of reach.
    if (document.activeElement === document.body && before?.isConnected && !before.closest('[inert]')) before.focus()
  }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-aria-hidden'] })
}
