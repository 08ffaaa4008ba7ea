export interface Slice<T> {
  items: T[]
  next: string | null
}
