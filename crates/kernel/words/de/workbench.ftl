# Warum jemand zu einem Segment gehört, und was sonst an der Werkbank der Segmente gesagt wird
workbench-empty = nicht angegeben
workbench-consent-yes = erteilt am { $day }
workbench-consent-no = abgelehnt oder widerrufen am { $day }
workbench-consent-none = nie gefragt
workbench-never = nie
workbench-times = { $n ->
    [one] einmal, am { $day }
   *[other] { COUNT($n) } Mal, zuletzt am { $day }
}
workbench-no-order = noch keine Buchung
workbench-no-mail = noch keine E-Mail, die ankam
