import type { Slice } from '@/api/types/slice'
import { useLoad } from '@/api/load'

/** A list read page after page under a filter; `more` appends the next page to what is shown. */
export function usePages<T, F>(read: (filter: F, limit: number, after?: string) => Promise<Slice<T>>, limit = 100) {
  let filter: F
  const list = useLoad(async (of: F): Promise<Slice<T>> => {
    filter = of
    return read(of, limit)
  })
  async function more(): Promise<void> {
    const now = list.data.value
    if (!now?.next) return
    const page = await read(filter, limit, now.next)
    if (list.data.value === now) list.data.value = { items: [...now.items, ...page.items], next: page.next }
  }
  return { ...list, more }
}
