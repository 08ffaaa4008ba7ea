import { computed, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { QueueCount, QueueName } from '@/api/types/cases'

/** Queues of the viewer's role with their counts (`/api/cases/queues`). */
export const useQueues = defineStore('queues', () => {
  const queues = shallowRef<QueueCount[]>([])
  const problem = shallowRef<Problem>()
  const loaded = computed(() => queues.value.length > 0)

  async function load(): Promise<void> {
    try {
      queues.value = await api.get<QueueCount[]>('/cases/queues')
      problem.value = undefined
    } catch (thrown) {
      problem.value = Problem.from(thrown)
    }
  }

  function clear(): void {
    queues.value = []
  }

  /** The queue to open first: the first of the role's own work that is not empty, then signals without a place. */
  function first(): QueueName | undefined {
    const work = queues.value.filter((each) => each.count > 0 && !['overdue', 'all', 'mine'].includes(each.queue))
    return (work.find((each) => each.queue !== 'place') ?? work[0] ?? queues.value.find((each) => each.queue !== 'place'))?.queue
  }

  return { queues, problem, loaded, load, clear, first }
})
