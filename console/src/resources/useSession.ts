import { computed, ref, shallowRef } from 'vue'
import { defineStore } from 'pinia'
import { api } from '@/api/client'
import { Problem } from '@/api/problem'
import type { Me, Permission } from '@/api/types/people'
import { leavePush } from '@/live/push'

/** Who is logged in, in which position, with which permissions (`/api/session`). */
export const useSession = defineStore('session', () => {
  const me = shallowRef<Me>()
  /** Whether `/api/session` has been asked once. */
  const known = ref(false)
  /** The session ended while the person was working. */
  const expired = ref(false)

  const permissions = computed(() => new Set<Permission>(me.value?.permissions ?? []))

  /** True if the present position holds at least one of the permissions. */
  function may(...any: Permission[]): boolean {
    return any.some((each) => permissions.value.has(each))
  }

  /** Whether the present position answers for the whole city, or more. */
  const wholeCity = computed(() => {
    const area = me.value?.position?.areaCode ?? ''
    return area === '' || (area.length === 6 && area.endsWith('00'))
  })

  async function load(): Promise<Me | undefined> {
    try {
      me.value = await api.get<Me>('/session')
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.status !== 401) throw thrown
      me.value = undefined
    }
    known.value = true
    return me.value
  }

  async function logIn(login: string, password: string): Promise<Me> {
    me.value = await api.post<Me>('/session', { login, password })
    known.value = true
    expired.value = false
    // Asked again for the CSRF cookie that belongs to the new session.
    me.value = await api.get<Me>('/session')
    return me.value
  }

  async function logOut(): Promise<void> {
    await leavePush().catch(() => undefined)
    try {
      await api.delete('/session')
    } finally {
      me.value = undefined
    }
  }

  async function switchPosition(positionId: number): Promise<void> {
    me.value = await api.put<Me>('/session/position', { positionId })
  }

  async function changePassword(current: string, next: string): Promise<void> {
    await api.put('/session/password', { current, next })
    await load()
  }

  function expire(): void {
    if (me.value) expired.value = true
    me.value = undefined
  }

  return { me, known, expired, permissions, may, wholeCity, load, logIn, logOut, switchPosition, changePassword, expire }
})
