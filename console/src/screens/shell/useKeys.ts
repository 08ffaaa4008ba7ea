import { onBeforeUnmount, onMounted } from 'vue'

export type Keys = Record<string, (event: KeyboardEvent) => unknown>

/** True where a key is text: in a field, or together with a modifier. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true
  const target = event.target
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}

/** Single keys of a screen, alive while it is shown. A key that the screen handled is not passed on. */
export function useKeys(keys: Keys): void {
  function handle(event: KeyboardEvent) {
    if (event.defaultPrevented || isTyping(event)) return
    // An open dialog owns the keyboard.
    if (event.key !== 'Escape' && event.key !== '?' && document.querySelector('.el-overlay-dialog, [data-modal]')?.checkVisibility()) return
    const run = keys[event.key]
    if (!run) return
    if (run(event) === false) return
    event.preventDefault()
  }
  onMounted(() => window.addEventListener('keydown', handle))
  onBeforeUnmount(() => window.removeEventListener('keydown', handle))
}
