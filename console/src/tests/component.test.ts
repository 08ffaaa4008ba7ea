import { describe, expect, it } from 'vitest'
import { partsOf } from '@/screens/component/ident'
import { layerOf, pageOf } from '@/screens/cockpit/things'

describe('an identification code', () => {
  it('is district, major class, minor class and sequence, in 17 digits and in 16', () => {
    expect(partsOf('99010201037001343')?.map((each) => each.digits)).toEqual(['990102', '01', '037', '001343'])
    expect(partsOf('9901020103001343')?.map((each) => each.digits)).toEqual(['990102', '01', '03', '001343'])
  })
  it('is not taken apart where it is none', () => {
    for (const text of ['', '990102', '9901020103700134', 'A9010201037001343', '990102010370013431']) if (text.length !== 16) expect(partsOf(text)).toBeUndefined()
  })
})

describe('a thing of the map', () => {
  it('has a page where its layer has pages', () => {
    expect(pageOf('cases', 7)).toBe('/cases/7')
    expect(pageOf('components', '99010201037001343')).toBe('/components/99010201037001343')
    expect(pageOf('buildings', 'B-1')).toBe('/buildings/B-1')
    expect(pageOf('duty', 7)).toBeUndefined()
    expect(pageOf('components', undefined)).toBeUndefined()
  })
  it('leads from a household to the building it lives in', () => {
    expect(pageOf('households', 12, { building: '990102001001-0007' })).toBe('/buildings/990102001001-0007')
    expect(pageOf('households', 12, {})).toBeUndefined()
  })
  it('is a building of the register only where it has a number there', () => {
    expect(layerOf({ type: 'building', id: '990102001001-0007' })).toBe('buildings')
    expect(layerOf({ type: 'building', id: '市民中心@118.90000,32.53000' })).toBeUndefined()
    expect(layerOf({ type: 'component', id: '99010201037001343' })).toBe('components')
    expect(layerOf({ type: 'road', id: 'x' })).toBeUndefined()
  })
})
