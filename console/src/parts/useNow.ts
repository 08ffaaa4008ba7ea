import { onBeforeUnmount, ref } from 'vue'

/** The present instant, renewed every half minute, so that "time left" does not stand still. */
export function useNow(everyMilliseconds = 30_000) {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMilliseconds)
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
