import type { Component } from 'vue'
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import type { Permission, Role } from './api/types/people'
import { useSession } from './resources/useSession'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without login; shown without the shell. */
    public?: boolean
    /** The position must hold at least one of these. */
    anyOf?: Permission[]
    /** Entry of the rail: order 10, 20 …, i18n key of the label, an Element Plus icon; `phone` puts it into the bottom bar of a phone, where the others are in the personal menu. */
    nav?: { order: number; label: string; icon: Component; phone?: boolean }
    /** Roles that this page opens for first. */
    homeOf?: Role[]
    /** i18n key of the page's title. */
    title?: string
  }
}

/** Every screen folder registers its own routes: `screens/<name>/routes.ts` exports an array as default. */
const modules = import.meta.glob<{ default: RouteRecordRaw[] }>('./screens/*/routes.ts', { eager: true })
export const routes: RouteRecordRaw[] = Object.values(modules).flatMap((each) => each.default)

export function makeRouter() {
  const router = createRouter({ history: createWebHistory(), routes })
  router.beforeEach(async (to) => {
    if (to.meta.public) return true
    const session = useSession()
    if (!session.known) {
      try {
        await session.load()
      } catch {
        return { name: 'unreachable', query: { back: to.fullPath } }
      }
    }
    if (!session.me) return { name: 'login', query: to.fullPath === '/' ? {} : { back: to.fullPath } }
    if (session.me.mustChangePassword && to.name !== 'password') return { name: 'password', query: { back: to.fullPath } }
    if (to.meta.anyOf && !session.may(...to.meta.anyOf)) return { name: 'forbidden', query: { from: to.path } }
    return true
  })
  return router
}
