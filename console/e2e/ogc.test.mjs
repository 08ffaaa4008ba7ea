// The open interfaces, driven by a client made by others: OpenLayers finds the tiles by the tileset document alone and reads
// them, and its GeoJSON reader takes the features page by page. CITYWIDE_AT=http://… tries a server that runs already.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import GeoJSON from 'ol/format/GeoJSON.js'
import MVT from 'ol/format/MVT.js'
import OGCVectorTile from 'ol/source/OGCVectorTile.js'
import { get as getProjection, transform, transformExtent } from 'ol/proj.js'
import { startCity } from './city.mjs'

// OpenLayers asks as browsers do; node has only fetch.
globalThis.XMLHttpRequest = class extends EventTarget {
  open(method, address) {
    this.address = address
    this.headers = {}
  }
  setRequestHeader(name, value) {
    this.headers[name] = value
  }
  send() {
    fetch(this.address, { headers: this.headers }).then(async (answer) => {
      this.status = answer.status
      this.responseText = await answer.text()
      this.response = this.responseText
      this.dispatchEvent(new Event('load'))
    }, () => this.dispatchEvent(new Event('error')))
  }
}

let city

before(async () => {
  city = process.env.CITYWIDE_AT ? { base: process.env.CITYWIDE_AT, close() {} } : await startCity()
})

after(() => city.close())

async function json(address, accept = 'application/json') {
  const answer = await fetch(address, { headers: { accept } })
  assert.equal(answer.status, 200, address)
  return answer.json()
}

const link = (document, rel, type) => document.links.find((l) => l.rel === rel && (!type || l.type === type))?.href

/** From the landing page to the tileset, by links only. */
async function tileset(document) {
  const list = await json(link(document, 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector'))
  return link(list.tilesets[0], 'self', 'application/json')
}

function ready(source) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (source.getState() === 'ready') resolve(source)
      else if (source.getState() === 'error') reject(source.getError?.() ?? new Error('OpenLayers could not read the tileset'))
    }
    source.on('change', look)
    look()
  })
}

async function features(source, zoom, lon, lat) {
  const projection = getProjection('EPSG:3857')
  const tile = source.getTileGrid().getTileCoordForCoordAndZ(transform([lon, lat], 'EPSG:4326', projection), zoom)
  const address = source.getTileUrlFunction()(tile, 1, projection)
  const answer = await fetch(address)
  assert.equal(answer.status, 200, address)
  return new MVT().readFeatures(await answer.arrayBuffer(), { extent: source.getTileGrid().getTileCoordExtent(tile), featureProjection: projection })
}

test('OpenLayers finds the tiles of all layers and of each, and reads them', async () => {
  const landing = await json(`${city.base}/ogc`)
  const collections = (await json(link(landing, 'data'))).collections
  assert.deepEqual(collections.map((c) => c.id).sort(), ['areas', 'components'])
  const [west, south, east, north] = collections[0].extent.spatial.bbox[0]
  const [lon, lat] = [(west + east) / 2, (south + north) / 2]

  const all = await ready(new OGCVectorTile({ url: await tileset(landing), format: new MVT() }))
  const both = await features(all, 14, lon, lat)
  assert.deepEqual([...new Set(both.map((f) => f.get('layer')))].sort(), ['areas', 'components'])

  for (const collection of collections) {
    const source = await ready(new OGCVectorTile({ url: await tileset(collection), format: new MVT() }))
    const found = await features(source, 14, lon, lat)
    assert.ok(found.length > 0, collection.id)
    assert.ok(found.every((f) => f.get('layer') === collection.id))
    const box = transformExtent([west - 0.1, south - 0.1, east + 0.1, north + 0.1], 'EPSG:4326', 'EPSG:3857')
    for (const f of found.slice(0, 50)) {
      const [x, y] = f.getFlatCoordinates?.() ?? f.getGeometry().getFlatCoordinates()
      assert.ok(x > box[0] && x < box[2] && y > box[1] && y < box[3], `${collection.id} lies where the city is`)
    }
  }
})

test('its reader of GeoJSON takes the features page by page', async () => {
  const landing = await json(`${city.base}/ogc`)
  const components = (await json(link(landing, 'data'))).collections.find((c) => c.id === 'components')
  const [west, south, east, north] = components.extent.spatial.bbox[0]
  const middle = [west * 0.52 + east * 0.48, south * 0.52 + north * 0.48, west * 0.48 + east * 0.52, south * 0.48 + north * 0.52]
  let address = `${link(components, 'items', 'application/geo+json')}&limit=200&bbox=${middle}`
  const seen = new Set()
  let matched
  while (address && seen.size < 2_000) {
    const page = await json(address, 'application/geo+json')
    matched = page.numberMatched
    const read = new GeoJSON().readFeatures(page)
    assert.equal(read.length, page.numberReturned)
    for (const f of read) {
      const [lon, lat] = f.getGeometry().getCoordinates()
      assert.ok(lon >= middle[0] - 1e-6 && lon <= middle[2] + 1e-6 && lat >= middle[1] - 1e-6 && lat <= middle[3] + 1e-6)
      assert.equal(f.get('ownerCode'), undefined)
      seen.add(f.getId())
    }
    address = link(page, 'next')
  }
  assert.ok(seen.size > 0)
  assert.equal(seen.size, Math.min(matched, seen.size >= 2_000 ? seen.size : matched), 'each feature once')
})

test('the description of the interface holds before a checker made by others', async () => {
  const landing = await json(`${city.base}/ogc`)
  const answer = await fetch(link(landing, 'service-desc'))
  const found = await lintFromString({ source: await answer.text(), config: await createConfig({ extends: ['recommended'] }), absoluteRef: 'api.json' })
  const errors = found.filter((each) => each.severity === 'error').map((each) => `${each.ruleId}: ${each.message}`)
  assert.deepEqual(errors, [])
  // The licence of the data is the operator's to give, and the address of a server that is tried is this machine's.
  const warnings = new Set(found.map((each) => each.ruleId))
  for (const known of ['info-license', 'info-license-url', 'no-server-example.com']) warnings.delete(known)
  assert.deepEqual([...warnings], [])
})
