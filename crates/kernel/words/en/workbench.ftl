# Why somebody belongs to a segment, and what else is said at the bench of segments
workbench-empty = not given
workbench-consent-yes = given on { $day }
workbench-consent-no = refused or withdrawn on { $day }
workbench-consent-none = never asked
workbench-never = never
workbench-times = { $n ->
    [one] once, on { $day }
   *[other] { COUNT($n) } times, last on { $day }
}
workbench-no-order = no order yet
workbench-no-mail = no e-mail that arrived yet
