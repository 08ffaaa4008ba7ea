export default {
  title: 'Map', layers: 'Layers', legend: 'Legend', cases: 'Open cases', components: 'Components', areas: 'Boundaries', buildings: 'Buildings', componentsHint: 'shown when closer', cluster: 'Cluster with the number of cases',
  fileHere: 'File a report here', open: 'Open case', locating: 'Locating…', total: '{n} open cases', truncated: 'Only the first {n} are shown; zoom in', component: 'Component', outside: 'Outside the city', hide: 'Hide', show: 'Show layers and legend',
}
