export default {
  nav: 'Scores', title: 'Evaluation', export: 'Export XLSX', score: 'Score', grade: 'Grade', ranking: 'Ranking', trend: 'Trend', which: 'Measure of the charts', base: 'Due (denominator)', table: 'Evaluation table, scrolls sideways', definitions: 'Definitions',
  earlier: 'Earlier', later: 'Later', date: 'Date', everywhere: 'All areas', empty: 'Nothing to evaluate in this period', emptyHint: 'Try another period or area.', nothing: 'No data in this period',
  noTrend: 'Not enough data for a trend', noTrendHint: 'It is shown when two periods have data.', cases: '{n} cases', noCases: 'No cases',
  object: { label: 'Object', area: 'Areas', unit: 'Units', position: 'Positions' },
  period: { label: 'Period', day: 'Day', week: 'Week', month: 'Month', quarter: 'Quarter', year: 'Year' },
  counter: {
    reported: 'Reported', effectivelyReported: 'Effective reports', collectorEffectivelyReported: 'Effective reports of collectors', missed: 'Missed by collectors', accepted: 'Accepted', acceptedAndFiled: 'Accepted and filed', filed: 'Filed', filedOnTime: 'Filed on time',
    dispatched: 'Dispatched', dispatchedAccurately: 'Dispatched accurately', dispatchedOnTime: 'Dispatched on time', disposalDue: 'Due for handling', disposed: 'Handled', disposedOnTime: 'Handled on time', disposedLate: 'Handled late', overdue: 'Overdue, not handled',
    reworked: 'Reworked', extended: 'Extended', suspended: 'Suspended', checkDue: 'Due for check', checked: 'Checked', checkedOnTime: 'Checked on time', closureDue: 'Due for closing', closed: 'Closed', closedOnTime: 'Closed on time', closedLate: 'Closed late', notClosed: 'Due, not closed',
    rated: 'Rated by citizens', satisfied: 'Satisfied',
  },
  ratio: {
    filingRate: 'Filing rate', onTimeFilingRate: 'On-time filing', onTimeDispatchRate: 'On-time dispatch', accurateDispatchRate: 'Accurate dispatch', disposalRate: 'Handling rate', onTimeDisposalRate: 'On-time handling', reworkRate: 'Rework rate',
    onTimeCheckRate: 'On-time check', closureRate: 'Closing rate', onTimeClosureRate: 'On-time closing', effectiveReportRate: 'Effective reports rate', missedReportRate: 'Missed reports rate', satisfactionRate: 'Satisfaction',
  },
  scored: 'The ratios weighed, 0 to 100; a ratio with denominator 0 does not count. Grades: A ≥ 90, B ≥ 80, C ≥ 70, D ≥ 60, else E.', total: 'Total', system: 'System (automatic)', noUnit: 'No unit yet', lowerIsBetter: 'lower is better',
}
