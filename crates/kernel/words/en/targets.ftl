target-title = Targets
target-text = What is to be reached, and how it stands. Targets appear on the tiles of the overview.
target-list = Targets set
target-none = No target is set yet.
target-metric = Metric
target-span = Period
target-segment = For
target-value = Target
target-now = Now
target-state = Standing
target-remove = Remove
target-remove-one = Remove the target for { $name }
target-new = Set a target
target-set = Set target
target-days = Days
target-days-hint = Only for “last days”.
target-value-hint = For example 45,000, 3.5% or €1,200,000
target-everybody = All contacts
target-a-segment = A segment
target-last-days = { $n ->
    [one] Today
   *[other] Last { $n } days
}
target-span-month = Month
target-span-quarter = Quarter
target-span-year = Year
target-span-days = Last days
target-reached = Reached
target-on-track = On track, { $missing } to go
target-off-track = Off track, { $missing } to go
target-metric-unknown = There is no such metric.
target-span-unknown = There is no such period.
target-days-odd = Please enter a whole number from 1 to 366.
target-value-odd = Please enter a number above zero with at most two decimals.
